package gui

// Face says whether the row of somebody shows their picture.
func (w *Window) Face(name string) bool {
	for _, row := range w.left.people.bound {
		if row.person.name.text == name {
			return row.person.avatar.face != nil
		}
	}
	return false
}

// HeaderFace and OwnFace say so of the open conversation and of the user.
func (w *Window) HeaderFace() bool { return w.right.conv.header.avatar.face != nil }
func (w *Window) OwnFace() bool    { return w.left.self.avatar.face != nil }
