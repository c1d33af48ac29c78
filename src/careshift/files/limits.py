"""How large a file may be, and the error that a file gives which cannot be read."""

from careshift.project import CareshiftError

MEBIBYTE = 2**20
LARGEST = 256 * MEBIBYTE  # of a text or Parquet file, unpacked; our largest table has 1 MB
LARGEST_WORKBOOK = 64 * MEBIBYTE  # of a workbook's XML, unpacked: each byte costs some ten of memory
MOST_ROWS = 5_000_000
MOST_COLUMNS = 2_000
MOST_CELLS = 20_000_000  # of a sheet, empty ones counted: each is held in memory
LONGEST_CELL = 10_000
AGAIN = "Download or export it again."


class FileError(CareshiftError):
    """A file that cannot be read as a table; the text names the file, the place and the remedy."""
