"""The gate: what a folder of decision records must satisfy before a change to it may be merged.

Pure rules on what was read; reading files, asking git and checking signatures are a service's work.
"""
