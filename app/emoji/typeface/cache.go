package typeface

// cache keeps what was used last, in two halves: when the younger one is full,
// the older one is forgotten.
type cache[K comparable, V any] struct {
	most       int // that a half may weigh
	weight     int // of the younger half
	young, old map[K]entry[V]
}

type entry[V any] struct {
	value  V
	weight int
}

func (c *cache[K, V]) get(key K) (V, bool) {
	found, ok := c.young[key]
	if ok {
		return found.value, true
	}
	if found, ok = c.old[key]; ok {
		c.put(key, found.value, found.weight)
	}
	return found.value, ok
}

// put keeps a value that is not in the younger half.
func (c *cache[K, V]) put(key K, value V, weight int) {
	if c.young == nil || c.weight+weight > c.most {
		c.young, c.old, c.weight = make(map[K]entry[V]), c.young, 0
	}
	c.young[key] = entry[V]{value, weight}
	c.weight += weight
}
