"""Salgsflyt without a screen: records, calculations, storage and texts."""
