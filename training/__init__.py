"""Builds the model that the package ships, `data/en/model.onnx`, from public corpora. Not part of the installed package."""
