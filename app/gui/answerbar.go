package gui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// answerBar shows above the input field which message is answered or edited,
// until it is sent or the user leaves it. It is hidden while there is none.
type answerBar struct {
	widget.BaseWidget
	icon    fyne.Resource
	title   *textLine
	excerpt *textLine
	leave   *iconButton
}

const answerHeight = 40

func newAnswerBar(words *wording, leave func()) *answerBar {
	a := &answerBar{
		icon:    iconReply,
		title:   newShrinkingLine(smallSize, theme.ColorNamePrimary, ""),
		excerpt: newShrinkingLine(smallSize, colorMuted, ""),
		leave:   newIconButton(iconCross, words.Text("gui.answer.leave", nil), 30, leave),
	}
	a.Hidden = true
	a.ExtendBaseWidget(a)
	return a
}

// show says what is answered or edited; without a title the bar is hidden.
func (a *answerBar) show(title, excerpt string, edits bool) {
	a.Hidden = title == ""
	a.icon = iconReply
	if edits {
		a.icon = iconEdit
	}
	a.title.set(title, theme.ColorNamePrimary, true)
	a.excerpt.setText(excerpt)
	a.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (a *answerBar) CreateRenderer() fyne.WidgetRenderer {
	edge, icon := canvas.NewRectangle(nil), newImage(iconReply)
	edge.CornerRadius = 1.5
	d := &drawing{objects: []fyne.CanvasObject{icon, edge, a.title, a.excerpt, a.leave}}
	d.minSize = func() fyne.Size { return fyne.NewSize(0, answerHeight+10) }
	d.layout = func(size fyne.Size) {
		const side, top = 18, 10
		left, right := float32(timelineMargin), size.Width-timelineMargin
		place(icon, left+9, top+(answerHeight-side)/2, side, side)
		place(edge, left+38, top+2, 3, answerHeight-4)
		line, x := lineHeight(smallSize), left+50
		room := max(right-x-40, 0)
		place(a.title, x, top+answerHeight/2-line, room, line)
		place(a.excerpt, x, top+answerHeight/2+1, room, line)
		place(a.leave, right-33, top+(answerHeight-30)/2, 30, 30)
	}
	d.refresh = func() {
		edge.FillColor = colorFor(a, theme.ColorNamePrimary)
		icon.Resource = colored(a.icon, theme.ColorNamePrimary)
		d.layout(a.Size())
		for _, o := range d.objects {
			o.Refresh()
		}
	}
	d.refresh()
	return d
}
