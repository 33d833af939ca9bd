package chat

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"feihong/protocol"
)

// pictureEvery is the least time between two pictures of one person that are
// stored. Of more, the last one is.
const pictureEvery = 10 * time.Second

// ownPicture is what the user shows beside their name.
type ownPicture struct {
	id   protocol.MessageID // the same for the same picture
	data []byte             // nil: nothing
}

// shown is what a person shows, beside what is stored.
type shown struct {
	at    time.Time         // when a picture of theirs was stored last in this run
	later *protocol.Picture // waits until pictureEvery has passed
	timer *time.Timer       // nil while nothing waits
	ours  protocol.MessageID
}

// Picture returns the picture that somebody shows, nil if they show none. It
// came from outside and was not decoded.
func (s *Service) Picture(ctx context.Context, id ContactID) ([]byte, error) {
	return s.store.Picture(ctx, id)
}

// SetOwnPicture shows others a PNG or JPEG of at most protocol.MaxPictureBytes,
// nil for none: those with whom there is a session now, others when there is
// one. Until it is called nothing is told about it.
func (s *Service) SetOwnPicture(data []byte) error {
	if len(data) > protocol.MaxPictureBytes {
		return &protocol.LimitError{What: "picture", Size: int64(len(data)), Limit: protocol.MaxPictureBytes}
	}
	own := &ownPicture{data: bytes.Clone(data)}
	digest := sha256.Sum256(data)
	copy(own.id[:], digest[:])
	s.post(func(l *loop) {
		l.own = own
		for _, p := range l.people {
			l.tellPicture(p)
		}
	})
	return nil
}

// tellPicture sends the user's picture to a person who has not confirmed it in
// this run.
func (l *loop) tellPicture(p *person) {
	if l.own == nil || p.shown.ours == l.own.id || p.session == nil || !speaks(p.session, protocol.FeatureAmend) {
		return
	}
	body, err := protocol.EncodeChat(&protocol.Picture{ID: l.own.id, Data: l.own.data})
	if err != nil {
		l.log.Error("encode picture", "error", err)
		return
	}
	_ = p.session.Send(protocol.AppChat, body) // sent again in the next session
}

// heardPicture notes that a person has the user's picture, if that is what they
// confirm.
func (l *loop) heardPicture(p *person, id protocol.MessageID) {
	if l.own != nil && id == l.own.id {
		p.shown.ours = id
	}
}

// receivePicture takes the picture that a person shows from now on.
func (l *loop) receivePicture(p *person, session Session, m *protocol.Picture) {
	name := pictureName(m.Data)
	waits := p.shown.timer != nil
	switch since := time.Since(p.shown.at); {
	case name == p.Picture && !waits:
		l.sendReceipts(session, []protocol.MessageID{m.ID}, delivered)
	case waits:
		p.shown.later = m
	case !p.shown.at.IsZero() && since < pictureEvery:
		p.shown.later = m
		p.shown.timer = l.after(pictureEvery-since, func(l *loop) { l.storeLater(p) })
	default:
		l.storePicture(p, m, name)
	}
}

// pictureName is what Contact.Picture is for a picture.
func pictureName(data []byte) string {
	if len(data) == 0 {
		return ""
	}
	digest := sha256.Sum256(data)
	return hex.EncodeToString(digest[:])
}

func (l *loop) storeLater(p *person) {
	m := p.shown.later
	p.shown.later, p.shown.timer = nil, nil
	if l.people[p.ID] == p && m != nil {
		l.storePicture(p, m, pictureName(m.Data))
	}
}

// storePicture keeps a picture, and confirms it once it is on disk.
func (l *loop) storePicture(p *person, m *protocol.Picture, name string) {
	before := p.Picture
	p.shown.at, p.Picture = time.Now(), name
	l.touch(p)
	l.turn.batch.Pictures = append(l.turn.batch.Pictures, Picture{Contact: p.ID, Data: m.Data})
	l.turn.bytes += len(m.Data)
	l.turn.replies = append(l.turn.replies, func(err error) {
		switch {
		case err != nil:
			p.Picture = before // they send it again in the next session
		case p.session != nil:
			l.sendReceipts(p.session, []protocol.MessageID{m.ID}, delivered)
		}
	})
}
