package chat

import (
	"context"
	"crypto/rand"
	"errors"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"feihong/protocol"
)

// maxAutomatic bounds how many transfers of one person are under way at the same
// time by being accepted without asking: each takes memory and connections. More
// of them wait for a place, with ReasonQueued.
const maxAutomatic = 8

// Offer offers files and folders (absolute paths) to a contact, with a caption
// or none. It returns once the offer is on disk; the contact hears of it as of
// a text, and it is theirs to accept. What is sent is read when it travels, not
// before: until then it must not change.
func (s *Service) Offer(ctx context.Context, to ContactID, paths []string, text string) (Transfer, error) {
	return s.offer(ctx, to, paths, text, nil, protocol.MessageID{})
}

// OfferPicture is Offer for pictures of which the other person sees a preview
// at once: a PNG or JPEG of at most protocol.MaxPreviewBytes. It is left out
// where the caption is so long that both do not fit.
func (s *Service) OfferPicture(ctx context.Context, to ContactID, paths []string, text string, preview []byte) (Transfer, error) {
	if len(preview) > protocol.MaxPreviewBytes {
		return Transfer{}, &protocol.LimitError{What: "preview", Size: int64(len(preview)), Limit: protocol.MaxPreviewBytes}
	}
	return s.offer(ctx, to, paths, text, preview, protocol.MessageID{})
}

func (s *Service) offer(ctx context.Context, to ContactID, paths []string, text string, preview []byte, retry protocol.MessageID) (Transfer, error) {
	if s.carrier == nil {
		return Transfer{}, ErrNoFiles
	}
	text, err := caption(text)
	if err != nil {
		return Transfer{}, err
	}
	if err := checkPaths(paths); err != nil {
		return Transfer{}, err
	}
	if _, err := ask(ctx, s, func(l *loop) (*person, error) { return l.recipient(to) }); err != nil {
		return Transfer{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return Transfer{}, err
	}
	t, err := s.prepare(ctx, id, withoutDoubles(paths), text, preview)
	if err != nil {
		s.carry.put(id, instruction{order: orderDrop})
		return Transfer{}, err
	}
	t.Retry = retry
	return call(ctx, s, func(l *loop, reply func(Transfer, error)) { l.sendOffer(to, t, reply) })
}

// caption checks the text of an offer, which may be empty.
func caption(text string) (string, error) {
	if strings.TrimSpace(text) == "" {
		return "", nil
	}
	return sendable(text)
}

func checkPaths(paths []string) error {
	if len(paths) == 0 {
		return ErrNothingToSend
	}
	for _, path := range paths {
		if !filepath.IsAbs(path) {
			return &PathError{Path: path}
		}
	}
	return nil
}

// withoutDoubles leaves out what was named before.
func withoutDoubles(paths []string) (list []string) {
	named := make(map[string]bool)
	for _, path := range paths {
		if path = filepath.Clean(path); !named[path] {
			named[path] = true
			list = append(list, path)
		}
	}
	return list
}

// prepare makes the transfer of an offer.
func (s *Service) prepare(ctx context.Context, id protocol.MessageID, paths []string, text string, preview []byte) (Transfer, error) {
	parcel, err := s.carrier.Prepare(ctx, id, paths)
	if err != nil {
		return Transfer{}, err
	}
	offer := &parcel.Offer
	offer.ID, offer.Text, offer.Time, offer.Preview = id, text, now().UnixMilli(), preview
	if _, err := rand.Read(offer.Token[:]); err != nil {
		return Transfer{}, err
	}
	body, err := protocol.EncodeChat(offer)
	if err != nil {
		return Transfer{}, err
	}
	// As the other side will see it: names are made safe on the way.
	asSent, err := protocol.DecodeChat(body)
	if err != nil {
		return Transfer{}, err
	}
	t := s.transferOf(asSent.(*protocol.Offer))
	t.Direction, t.State, t.Paths, t.Skipped = Out, TransferOffered, paths, len(parcel.Skipped)+parcel.MoreSkipped
	return t, nil
}

// transferOf is what an offer says.
func (s *Service) transferOf(o *protocol.Offer) Transfer {
	t := Transfer{
		ID:            o.ID,
		MoreTops:      int(o.MoreTops),
		Files:         int(o.Files),
		Folders:       int(o.Folders),
		Executables:   int(o.Executables),
		Bytes:         int64(o.Bytes),
		Text:          protocol.VisibleText(o.Text),
		Preview:       o.Preview,
		Left:          -1,
		Created:       clampTime(o.Time, now()),
		Updated:       now(),
		Token:         o.Token,
		Manifest:      o.Manifest,
		ManifestBytes: int64(o.ManifestBytes),
	}
	for _, top := range o.Tops {
		marked := o.Executables > 0 && o.Executables == o.Files
		t.Tops = append(t.Tops, Top{
			Name: top.Name, Folder: top.Folder, Files: int(top.Files), Bytes: int64(top.Bytes),
			Executable: !top.Folder && s.isExecutable(top.Name, marked),
		})
	}
	return t
}

func (s *Service) isExecutable(name string, marked bool) bool {
	if s.executable == nil {
		return marked
	}
	return s.executable(name, marked)
}

// message is the message of an offer.
func (t *Transfer) message(state State) Message {
	var names []string
	for _, top := range t.Tops {
		names = append(names, top.Name)
	}
	return Message{
		ID: t.ID, Contact: t.Contact, Direction: t.Direction, State: state, Kind: KindFiles,
		Text: t.Text, Names: strings.Join(names, "\n"), Time: t.Created,
	}
}

func (l *loop) sendOffer(to ContactID, t Transfer, reply func(Transfer, error)) {
	p, err := l.recipient(to)
	if err != nil {
		l.carry.put(t.ID, instruction{order: orderDrop})
		reply(Transfer{}, err)
		return
	}
	t.Contact = p.ID
	f := &transfer{Transfer: t, person: p, fresh: true, changed: true}
	l.stir(f)
	l.turn.add(f.message(Queued), note{person: p, reply: func(_ Message, err error) { reply(f.Transfer, err) }})
}

// unsendable says why a message that waits in the outbox cannot be sent to the
// program that the person has now; "" if it can.
func (l *loop) unsendable(p *person, e *outgoing) TransferReason {
	switch {
	case e.Recalled || e.Kind == KindEdit && e.Text == "":
		return ReasonRecalled
	case e.Kind == KindNudge || e.Kind.Amendment():
		if !speaks(p.session, protocol.FeatureAmend) {
			return ReasonUnsupported
		}
		return ""
	case e.Kind != KindFiles:
		return ""
	case !speaks(p.session, protocol.FeatureFiles):
		return ReasonUnsupported
	}
	if _, err := l.transfer(e.ID); errors.Is(err, ErrNoTransfer) {
		return ReasonForgotten
	}
	return ""
}

// offerBody encodes an offer that waits in the outbox.
func (l *loop) offerBody(e *outgoing) ([]byte, error) {
	f, err := l.transfer(e.ID)
	if err != nil {
		return nil, err
	}
	offer := f.Offer()
	offer.Text = e.Text
	return protocol.EncodeChat(offer)
}

// arrivedOffer notes that an offer of ours is on disk at the receiver.
func (l *loop) arrivedOffer(p *person, id protocol.MessageID) {
	f := l.transfers[id]
	if f == nil || f.person != p || f.known {
		return
	}
	f.known = true
	f.told = telling{session: p.session, phase: protocol.PhaseOffered}
}

// refusedOffer settles that an offer of ours was not taken.
func (l *loop) refusedOffer(p *person, id protocol.MessageID, code string) {
	f := l.transfers[id]
	if f == nil || f.person != p || f.Direction != Out || f.Final() {
		return
	}
	reason, ok := refusals[code]
	if !ok {
		reason = asReason(code)
	}
	l.end(f, TransferFailed, reason, "")
	l.confirm(f)
}

// refusals are what the codes of a refusal mean for an offer.
var refusals = map[string]TransferReason{
	protocol.CodeBusy.String():      ReasonTooMany,
	protocol.CodeTokenUsed.String(): ReasonBadToken,
	protocol.CodeRefused.String():   ReasonBlocked,
}

// withdraw keeps an offer from being sent if it was not yet.
func (l *loop) withdraw(f *transfer) {
	if f.Direction == In || f.known {
		return
	}
	change := StateChange{Contact: f.Contact, ID: f.ID, State: Failed, Reason: string(TransferCancelled)}
	l.turn.batch.States = append(l.turn.batch.States, change)
	l.turn.receipts = append(l.turn.receipts, receipt{person: f.person})
}

// receiveOffer takes an offer, as receiveText takes a text.
func (l *loop) receiveOffer(p *person, session Session, m *protocol.Offer) {
	f, code := l.weighOffer(p, m)
	if code != 0 {
		l.refuse(p, session, m.ID, code)
		return
	}
	if !f.fresh && f.State != TransferOffered {
		f.owed = true // they do not know what has become of it
		l.tell(f)
	}
	if f.fresh && !f.stirred {
		f.told = telling{session: session, phase: protocol.PhaseOffered} // as Delivered says
		l.acceptAlone(f)
		l.stir(f)
	}
	l.turn.add(f.message(Delivered), note{person: p, session: session})
	if p.typing {
		l.showTyping(p, false)
	}
}

// weighOffer makes a transfer of an offer, or finds it if the offer has come
// before. It is refused with a code if it is none that can be taken.
func (l *loop) weighOffer(p *person, m *protocol.Offer) (*transfer, protocol.ErrorCode) {
	if l.carrier == nil {
		return nil, protocol.CodeUnsupported
	}
	switch f, err := l.transfer(m.ID); {
	case err == nil && f.person == p && f.Direction == In && f.Token == m.Token && f.Manifest == m.Manifest:
		return f, 0
	case err == nil:
		return nil, protocol.CodeBadMessage // the ID of another one, maybe of ours
	case !errors.Is(err, ErrNoTransfer):
		l.tellStore(err)
		return nil, protocol.CodeStorage
	}
	switch {
	case l.isText(p, m.ID):
		return nil, protocol.CodeBadMessage
	case p.incoming() >= maxUndecided || l.undecided >= maxUndecidedAll && !l.makeRoomFor(p):
		return nil, protocol.CodeBusy
	case l.tokenUsed(p, m.Token):
		return nil, protocol.CodeTokenUsed
	}
	t := l.transferOf(m)
	t.Contact, t.Direction, t.State = p.ID, In, TransferOffered
	return &transfer{Transfer: t, person: p, fresh: true, changed: true, known: true}, 0
}

// isText says that a message with this ID has come that was no offer, be it in
// this turn.
func (l *loop) isText(p *person, id protocol.MessageID) bool {
	for i := range l.turn.batch.Messages {
		if m := &l.turn.batch.Messages[i]; m.ID == id && m.Contact == p.ID && m.Direction == In {
			return true
		}
	}
	m, err := l.store.Message(l.ctx, In, id)
	return err == nil && m.Contact == p.ID
}

// incoming counts the transfers from a person that are not over.
func (p *person) incoming() (n int) {
	for _, f := range p.transfers {
		if f.Direction == In && !f.Final() {
			n++
		}
	}
	return n
}

func (l *loop) tokenUsed(p *person, token [32]byte) bool {
	for _, f := range p.transfers {
		if f.Token == token {
			return true
		}
	}
	used, err := l.store.Transfers(l.ctx, TransferQuery{Contact: p.ID, Token: token, Limit: 1})
	return err == nil && len(used) > 0
}

// makeRoomFor rejects the oldest undecided offer of whoever has the most of
// them, unless that is the one who comes with another.
func (l *loop) makeRoomFor(p *person) bool {
	most := p
	undecided := make(map[*person]int)
	var oldest *transfer
	for _, f := range l.transfers {
		if f.undecided() {
			undecided[f.person]++
		}
	}
	for other, n := range undecided {
		if n > undecided[most] {
			most = other
		}
	}
	if most == p {
		return false
	}
	for _, f := range most.transfers {
		if f.undecided() && (oldest == nil || newestTransfers(f.Transfer, oldest.Transfer) > 0) {
			oldest = f
		}
	}
	l.end(oldest, TransferRejected, ReasonTooMany, "")
	return true
}

// refuse tells that an offer will never be taken.
func (l *loop) refuse(p *person, session Session, id protocol.MessageID, code protocol.ErrorCode) {
	l.countUseless(p, session)
	body, err := protocol.EncodeChat(&protocol.Refused{ID: id, Code: code})
	if err != nil {
		l.log.Error("encode refusal", "error", err)
		return
	}
	_ = session.Send(protocol.AppChat, body) // offered and refused again in the next session
}
