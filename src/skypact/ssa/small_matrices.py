"""3 x 3 covariances inside kernels: numba's own linear algebra would need SciPy."""

from __future__ import annotations

from math import sqrt

from skypact.base.kernel import kernel


@kernel
def write_cholesky(covariance, factor):  # type: ignore[no-untyped-def]
    """Lower factor of the upper left 3 x 3, in place; NaN where it is not positive definite."""
    factor[0, 0] = sqrt(covariance[0, 0])
    factor[1, 0], factor[2, 0] = covariance[1, 0] / factor[0, 0], covariance[2, 0] / factor[0, 0]
    factor[1, 1] = sqrt(covariance[1, 1] - factor[1, 0] * factor[1, 0])
    factor[2, 1] = (covariance[2, 1] - factor[1, 0] * factor[2, 0]) / factor[1, 1]
    factor[2, 2] = sqrt(
        covariance[2, 2] - factor[2, 0] * factor[2, 0] - factor[2, 1] * factor[2, 1]
    )


@kernel
def solved(factor, x, y, z):  # type: ignore[no-untyped-def]
    """The inverse of the factored matrix times a vector."""
    x, y, z = whitened(factor, x, y, z)
    z /= factor[2, 2]
    y = (y - factor[2, 1] * z) / factor[1, 1]
    x = (x - factor[1, 0] * y - factor[2, 0] * z) / factor[0, 0]
    return x, y, z


@kernel
def whitened(factor, x, y, z):  # type: ignore[no-untyped-def]
    """The inverse of the factor times a vector: its components count sigmas."""
    x /= factor[0, 0]
    y = (y - factor[1, 0] * x) / factor[1, 1]
    return x, y, (z - factor[2, 0] * x - factor[2, 1] * y) / factor[2, 2]


@kernel
def squared_length(factor, x, y, z):  # type: ignore[no-untyped-def]
    """Squared Mahalanobis length of a vector."""
    x, y, z = whitened(factor, x, y, z)
    return x * x + y * y + z * z


@kernel
def root_determinant(factor):  # type: ignore[no-untyped-def]
    return factor[0, 0] * factor[1, 1] * factor[2, 2]


@kernel
def inverse_trace(factor):  # type: ignore[no-untyped-def]
    """Sum of the inverse variances along the principal axes."""
    return (
        squared_length(factor, 1.0, 0.0, 0.0)
        + squared_length(factor, 0.0, 1.0, 0.0)
        + squared_length(factor, 0.0, 0.0, 1.0)
    )
