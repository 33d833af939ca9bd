package translations

// WithTexts returns a catalogue of other texts than those of the program.
func WithTexts(texts map[string]string) *Catalog {
	return &Catalog{lang: English, texts: texts}
}
