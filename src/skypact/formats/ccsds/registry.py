"""The tables of all messages, by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from skypact.formats.ccsds.cdm_table import CDM
from skypact.formats.ccsds.ocm_table import OCM
from skypact.formats.ccsds.oem_table import OEM
from skypact.formats.ccsds.omm_table import OMM
from skypact.formats.ccsds.opm_table import OPM
from skypact.formats.ccsds.rdm_table import RDM
from skypact.formats.ccsds.tdm_table import TDM

if TYPE_CHECKING:
    from skypact.formats.ccsds.tables import MessageTable

_ALL = (CDM, OEM, OPM, OMM, OCM, TDM, RDM)
TABLES: dict[str, MessageTable] = {table.kind: table for table in _ALL}
