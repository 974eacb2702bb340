"""From which row of which file each thing comes: recorded while converting, told on demand."""
