package tree

// Wide tells whether this machine hashes with the widest vectors.
func Wide() bool { return isWide }

// Narrow runs f as on a machine without them.
func Narrow(f func()) {
	before := isWide
	isWide = false
	defer func() { isWide = before }()
	f()
}
