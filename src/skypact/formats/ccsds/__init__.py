"""CCSDS navigation messages: one table per message, one reader and one writer per notation.

How a file becomes a record, by module:

1. `reading` unpacks it, sees which notation it is in and cuts it into messages.
2. `*_table` say as data what CCSDS says of each message (`tables` is their language,
   `orbit_blocks` what several share, `registry` lists them); `layout` and `slots` make of it
   what readers look up: where a keyword belongs, and whether its value and unit are good.
3. `kvn_messages`, `xml_messages` (elements from `xml`) and `json_messages` build the same tree
   of `message`: blocks of fields, comments and rows, every value as it was written.
   Rows of numbers go through `row_runs` and `rows`, by the megabyte through `row_kernel`.
4. `completeness` and the `*_rules` tell what is missing or odd; `units` and `times` are what they,
   and the records, measure with.
5. `cdm` and `oem` (with `oem_assembly`) give records in SI units; `values` converts.
6. `writing` goes the other way, through `kvn_writing`, `xml_writing` or `json_writing`, and
   reads again what it wrote; `cdm_writing` and `orbit_writing` make messages of records.

`kvn` splits lines for the bulk reader of mean elements (`formats.omm_kvn`) and for nothing here.
"""
