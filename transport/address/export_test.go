package address

// Codes lists every code, each of which has a translation "address.CODE".
func Codes() []Code {
	list := make([]Code, 0, len(texts))
	for code := range texts {
		list = append(list, code)
	}
	return list
}
