"""Flow files: from YAML as an author wrote it to a FlowDef, or to what is wrong with it and where."""

from engine.flowfile.page import Lines
from engine.flowfile.reading import DeskFile, FlowFile, read_desk, read_flow

__all__ = ["DeskFile", "FlowFile", "Lines", "read_desk", "read_flow"]
