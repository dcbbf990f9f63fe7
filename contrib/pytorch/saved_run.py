"""A saved run of gptoscope, read and written: safetensors with a seal (src/engine/checkpoint.h says what is in it)."""
import hashlib
import json
import struct
from pathlib import Path

import torch

SEAL_DIGITS = 64


class SavedRun:
    """texts: name -> str, the settings among them; arrays: name -> tensor of float64, in the file's order."""

    def __init__(self, texts, arrays):
        self.texts, self.arrays = texts, arrays

    @classmethod
    def read(cls, path):
        data = Path(path).read_bytes()
        if len(data) < 8:
            raise ValueError(f"{path}: no safetensors file")
        (length,) = struct.unpack("<Q", data[:8])
        try:
            header = json.loads(data[8:8 + length])
        except ValueError:
            raise ValueError(f"{path}: no safetensors file") from None
        texts = header.pop("__metadata__", {})
        if texts.get("format") != "gptoscope 1":
            raise ValueError(f"{path}: not saved by gptoscope")
        if seal_of(data, texts["sha256"]) != texts["sha256"]:
            raise ValueError(f"{path}: damaged (its seal does not hold)")
        numbers = memoryview(data)[8 + length:]
        arrays = {}
        for name, entry in header.items():
            begin, end = entry["data_offsets"]
            flat = torch.frombuffer(bytearray(numbers[begin:end]), dtype=torch.float64) if end > begin \
                else torch.zeros(0, dtype=torch.float64)
            arrays[name] = flat.reshape(entry["shape"])
        return cls(texts, arrays)

    def write(self, path):
        texts = {**self.texts, "sha256": "0" * SEAL_DIGITS}
        header, data = {"__metadata__": texts}, b""
        for name, tensor in self.arrays.items():
            numbers = tensor.detach().to(torch.float64).contiguous().numpy().astype("<f8").tobytes()
            header[name] = {"dtype": "F64", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(numbers)]}
            data += numbers
        text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
        text += b" " * (-len(text) % 8)
        whole = struct.pack("<Q", len(text)) + text + data
        seal = hashlib.sha256(whole).hexdigest()
        Path(path).write_bytes(whole.replace(b'"sha256":"' + b"0" * SEAL_DIGITS, b'"sha256":"' + seal.encode(), 1))

    def whole(self, name):
        return int(self.texts[name])

    def real(self, name):
        return float(self.texts[name])

    def word(self, name):
        return self.texts[name]


def seal_of(data, seal):
    """The digest of all bytes, taken with the seal's own digits as zeros."""
    return hashlib.sha256(data.replace(seal.encode(), b"0" * SEAL_DIGITS, 1)).hexdigest()
