package typeface

import "image"

// Kept returns how many shapes and how many bytes of pictures are kept.
func (f *Face) Kept() (shapes, bytes int) {
	for _, half := range []map[drawn]entry[*image.RGBA]{f.pictures.young, f.pictures.old} {
		for _, e := range half {
			bytes += len(e.value.Pix)
		}
	}
	return len(f.shapes.young) + len(f.shapes.old), bytes
}

// Limits of the cache, with both halves.
const (
	MostShapes = 2 * maxShapes
	MostBytes  = 2 * maxBytes
)
