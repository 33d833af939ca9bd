package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// screenTools is the bar below the chosen part of the screen: what the pointer
// draws, in which colour, and what becomes of it.
type screenTools struct {
	widget.BaseWidget
	editor *screenEditor
	tools  []*iconButton // by markTool
	inks   []*inkButton
	undo   *iconButton
	cancel *iconButton
	send   *iconButton
}

const (
	screenToolSize = 34
	screenInkSize  = 26
	screenToolsPad = 6
	screenToolsGap = 14 // between groups
)

func newScreenTools(words *wording, e *screenEditor) *screenTools {
	b := &screenTools{editor: e}
	tool := func(icon fyne.Resource, key string, do func()) *iconButton {
		return newIconButton(icon, words.Text(key, nil), screenToolSize, func() {
			do()
			e.takeFocus()
		})
	}
	for i, t := range []struct {
		icon fyne.Resource
		key  string
	}{
		{iconRegion, "gui.screen.region"}, {iconArrow, "gui.screen.arrow"}, {iconBox, "gui.screen.box"},
		{iconBlur, "gui.screen.blur"}, {iconLetter, "gui.screen.text"},
	} {
		b.tools = append(b.tools, tool(t.icon, t.key, func() { e.use(markTool(i)) }))
	}
	for i := range markInks {
		b.inks = append(b.inks, newInkButton(markInks[i], words.Text("gui.screen.color", map[string]any{"number": i + 1}), func() {
			e.color(i)
			e.takeFocus()
		}))
	}
	b.undo = tool(iconUndo, "gui.screen.undo", e.undo)
	b.cancel = newIconButton(iconCross, words.Text("gui.screen.cancel", nil), screenToolSize, func() { e.done(nil) })
	b.send = newIconButton(iconTick, words.Text("gui.screen.done", nil), screenToolSize, e.finish).accented()
	b.ExtendBaseWidget(b)
	b.show()
	return b
}

// show marks the tool and the colour in use.
func (b *screenTools) show() {
	for i, t := range b.tools {
		ink, fill := theme.ColorNameForeground, colorNone
		if b.editor.tool == markTool(i) {
			ink, fill = theme.ColorNameForegroundOnPrimary, theme.ColorNamePrimary
		}
		if t.color != ink || t.fill != fill {
			t.color, t.fill = ink, fill
			t.Refresh()
		}
	}
	for i, ink := range b.inks {
		ink.choose(b.editor.ink == i)
	}
	if len(b.editor.marks) > 0 || b.editor.live != nil {
		b.undo.Enable()
	} else {
		b.undo.Disable()
	}
}

// Tapped implements fyne.Tappable, so that what lies below is not tapped.
func (b *screenTools) Tapped(*fyne.PointEvent) {}

// Dragged and DragEnd implement fyne.Draggable, likewise.
func (b *screenTools) Dragged(*fyne.DragEvent) {}
func (b *screenTools) DragEnd()                {}

// CreateRenderer implements fyne.Widget.
func (b *screenTools) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(nil)
	ground.CornerRadius, ground.StrokeWidth = 12, 1
	d := &drawing{objects: []fyne.CanvasObject{ground}}
	groups := [][]fyne.CanvasObject{nil, nil, {b.undo, b.cancel, b.send}}
	for _, t := range b.tools {
		groups[0] = append(groups[0], t)
	}
	for _, ink := range b.inks {
		groups[1] = append(groups[1], ink)
	}
	for _, group := range groups {
		d.objects = append(d.objects, group...)
	}
	const high = screenToolSize + 2*screenToolsPad
	across := func(visit func(o fyne.CanvasObject, x, side float32)) float32 {
		x := float32(screenToolsPad)
		for i, group := range groups {
			if i > 0 {
				x += screenToolsGap
			}
			for _, o := range group {
				side := o.MinSize().Width
				visit(o, x, side)
				x += side + 2
			}
		}
		return x - 2 + screenToolsPad
	}
	d.layout = func(size fyne.Size) {
		ground.Resize(size)
		across(func(o fyne.CanvasObject, x, side float32) { place(o, x, (high-side)/2, side, side) })
	}
	d.minSize = func() fyne.Size {
		return fyne.NewSize(across(func(fyne.CanvasObject, float32, float32) {}), high)
	}
	d.refresh = func() {
		ground.FillColor, ground.StrokeColor = colorFor(b, colorPane), colorFor(b, colorLine)
		for _, o := range d.objects {
			o.Refresh()
		}
	}
	d.refresh()
	return d
}
