package gui

// pool is a list of objects that are used again.
type pool[T any] struct {
	items []T
	used  int
}

// next returns one more object, which was used before if possible.
func (p *pool[T]) next(create func() T) T {
	if p.used == len(p.items) {
		p.items = append(p.items, create())
	}
	p.used++
	return p.items[p.used-1]
}

// all returns those in use.
func (p *pool[T]) all() []T { return p.items[:p.used] }
