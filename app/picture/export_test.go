package picture

// OrientationOfExif is what tests give Exif blocks to.
func OrientationOfExif(exif []byte) int { return int(orientationOfExif(exif)) }
