package gui

import (
	"net/url"
	"sort"
	"strings"
)

// look is how a stretch of a message's text is shown.
type look uint8

const (
	lookLink   look = iota + 1
	lookCode        // within a line, in letters of equal width
	lookBlock       // whole lines of code
	lookHidden      // marks that say what is code
)

// part is a stretch of a text that is not shown as plain text.
type part struct {
	start, end int
	look       look
	link       *url.URL // of a link
}

// content is a text that is ready to be measured: what is in it, and how large
// its letters are.
type content struct {
	text  string
	parts []part // in order, none within another
	size  float32
}

// maxParts bounds what is looked for in one message; the rest is plain.
const maxParts = 200

// readContent finds links and code in the text of a message.
func readContent(text string) *content {
	if isJumbo(text) {
		return &content{text: text, size: jumboSize}
	}
	c := &content{text: text, size: textSize}
	r := markupReader{content: c}
	if strings.Contains(text, "```") || strings.Contains(text, "`") || strings.Contains(text, "://") {
		r.read()
	}
	return c
}

// markupReader goes through a text line by line.
type markupReader struct {
	content *content
	fences  []int // where the lines begin that open or close a block of code
}

const fence = "```"

func (r *markupReader) read() {
	r.findFences()
	text := r.content.text
	for at := 0; at <= len(text) && len(r.content.parts) < maxParts; {
		end := lineEnd(text, at)
		if block, ok := r.block(at); ok {
			at = block
			continue
		}
		r.line(at, end)
		at = end + 1
	}
}

func lineEnd(text string, at int) int {
	if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
		return at + n
	}
	return len(text)
}

func (r *markupReader) findFences() {
	text := r.content.text
	for at := 0; at <= len(text); at = lineEnd(text, at) + 1 {
		if strings.HasPrefix(text[at:], fence) {
			r.fences = append(r.fences, at)
		}
	}
}

// block reads a block of code that begins at a line, with the fence that ends
// it, and returns where the line after it begins.
func (r *markupReader) block(at int) (next int, ok bool) {
	text := r.content.text
	for len(r.fences) > 0 && r.fences[0] < at {
		r.fences = r.fences[1:]
	}
	if len(r.fences) < 2 || r.fences[0] != at {
		return 0, false
	}
	first, last := lineEnd(text, at)+1, r.fences[1]-1
	if strings.Contains(text[at+len(fence):first-1], "`") || first > last {
		return 0, false // no block, or nothing in it
	}
	end := lineEnd(text, r.fences[1])
	if strings.TrimSpace(text[r.fences[1]:end]) != fence {
		return 0, false
	}
	r.add(part{start: at, end: first - 1, look: lookHidden})
	r.add(part{start: first, end: last, look: lookBlock})
	r.add(part{start: r.fences[1], end: end, look: lookHidden})
	r.fences = r.fences[2:]
	return end + 1, true
}

// line reads one line outside blocks: code between marks, and links.
func (r *markupReader) line(start, end int) {
	text := r.content.text
	for at := start; at < end; {
		n := strings.IndexByte(text[at:end], '`')
		if n < 0 {
			r.links(at, end)
			return
		}
		open := at + n
		length := strings.IndexByte(text[open+1:end], '`')
		if length <= 0 || strings.TrimSpace(text[open+1:open+1+length]) == "" {
			r.links(at, open+1)
			at = open + 1
			continue
		}
		r.links(at, open)
		closing := open + 1 + length
		r.add(part{start: open, end: open + 1, look: lookHidden})
		r.add(part{start: open + 1, end: closing, look: lookCode})
		r.add(part{start: closing, end: closing + 1, look: lookHidden})
		at = closing + 1
	}
}

func (r *markupReader) links(start, end int) {
	for start < end && len(r.content.parts) < maxParts {
		from, to, link := findLink(r.content.text, start, end)
		if link == nil {
			return
		}
		r.add(part{start: from, end: to, look: lookLink, link: link})
		start = to
	}
}

// add takes a part if there may be more. Marks and what is between them come
// as three: none of them is left alone.
func (r *markupReader) add(p part) {
	if c := r.content; len(c.parts) < maxParts+2 {
		c.parts = append(c.parts, p)
	}
}

// at returns the part that a byte belongs to, or nil.
func (c *content) at(byte int) *part {
	i := sort.Search(len(c.parts), func(i int) bool { return c.parts[i].end > byte })
	if i == len(c.parts) || c.parts[i].start > byte {
		return nil
	}
	return &c.parts[i]
}

// piece is text of one look within a line.
type piece struct {
	start, end int
	part       *part // nil: plain
}

// pieces cuts bytes of the text where the look changes, and leaves out what is
// not shown.
func (c *content) pieces(from, to int) []piece {
	var found []piece
	i := sort.Search(len(c.parts), func(i int) bool { return c.parts[i].end > from })
	for from < to {
		if i == len(c.parts) || c.parts[i].start >= to {
			return append(found, piece{start: from, end: to})
		}
		p := &c.parts[i]
		if from < p.start {
			found = append(found, piece{start: from, end: p.start})
		}
		from = max(from, p.start)
		if end := min(to, p.end); p.look != lookHidden && end > from {
			found = append(found, piece{start: from, end: end, part: p})
		}
		from = min(to, p.end)
		i++
	}
	return found
}

// mono says that a piece is drawn in letters of equal width.
func (p *piece) mono() bool {
	return p.part != nil && (p.part.look == lookCode || p.part.look == lookBlock)
}

// width returns how wide bytes of one line are.
func (c *content) width(from, to int) float32 {
	if len(c.parts) == 0 {
		return runsWidth(c.text, c.runs(from, to), c.size)
	}
	total := float32(0)
	for _, p := range c.pieces(from, to) {
		total += c.pieceWidth(p)
	}
	return total
}

// runs cuts text that is not code where it is drawn in another way.
func (c *content) runs(from, to int) []run { return runsIn(c.text, from, to, c.size == jumboSize) }

// runsOf cuts a piece where it is drawn in another way, and says how large its
// letters are.
func (c *content) runsOf(p *piece) (runs []run, size float32) {
	if p.mono() {
		return codeRuns(c.text, p.start, p.end), c.size - codeSmaller
	}
	return c.runs(p.start, p.end), c.size
}

func (c *content) pieceWidth(p piece) float32 {
	runs, size := c.runsOf(&p)
	before, after := p.room()
	return before + runsWidth(c.text, runs, size) + after
}

// room is left free before and after code within a line.
func (p *piece) room() (before, after float32) {
	if p.part == nil || p.part.look != lookCode {
		return 0, 0
	}
	if p.start == p.part.start {
		before = codeRoom
	}
	if p.end == p.part.end {
		after = codeRoom
	}
	return before, after
}

// codeSmaller is how much smaller letters of equal width are: they look larger.
const codeSmaller = 1

// inBlock says that a line belongs to a block of code.
func (c *content) inBlock(line span) bool {
	p := c.at(line.start)
	if p == nil && line.start > 0 { // an empty last line begins where its block ends
		if p = c.at(line.start - 1); p != nil && p.end != line.start {
			p = nil
		}
	}
	return p != nil && p.look == lookBlock
}

// wrap breaks the text into lines, of which those that only hold marks are
// left out.
func (c *content) wrap(width float32, maxLines int) (lines []span, more bool) {
	w := wrapper{text: c.text, width: width, maxLines: maxLines, measure: c.width}
	w.indent = func(from int) float32 { return 2 * c.indent(span{start: from}) }
	w.hidden = func(from, to int) bool {
		p := c.at(from)
		return p != nil && p.look == lookHidden && p.start == from && p.end == to
	}
	return w.wrap()
}

// Distances of blocks of code.
const (
	codePad  = 8 // between the edge of the block and the code, at all sides
	codeGap  = 4 // above and below the block
	codeRoom = 6 // of code within a line, to the words beside it
)

// indent is how far a line stands from the left and from the right.
func (c *content) indent(line span) float32 {
	if len(c.parts) > 0 && c.inBlock(line) {
		return codePad
	}
	return 0
}

// tops returns where lines begin, and as the last one where they end.
func (c *content) tops(lines []span) []float32 {
	tops := make([]float32, len(lines)+1)
	y, row, code := float32(0), rowHeight(c.size), false
	for i, line := range lines {
		if next := c.indent(line) > 0; next != code {
			y += codePad
			if i > 0 {
				y += codeGap
			}
			code = next
		}
		tops[i] = y
		y += row
	}
	if code {
		y += codePad
	}
	tops[len(lines)] = y
	return tops
}
