"""The pages that are written from the code: lints, keys of flow files, their schema. `python -m gateway.reference`."""
