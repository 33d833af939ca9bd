package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
)

// maxNumber is how many taken names are passed over.
const maxNumber = 100_000

// nameAll gives names until all have one, or something else is wrong than that
// a name was taken meanwhile. It returns those without.
func (f *Folder) nameAll(ctx context.Context, intents []naming) (rest []uint32, err error) {
	reserved := make(map[string]bool, len(intents))
	for len(intents) > 0 && err == nil {
		intents, err = f.nameRound(ctx, intents, reserved)
	}
	for _, intent := range intents {
		rest = append(rest, intent.Entry)
	}
	return rest, err
}

// nameRound chooses a free name for each, notes them, and gives them. It
// returns those that did not get theirs.
func (f *Folder) nameRound(ctx context.Context, intents []naming, reserved map[string]bool) ([]naming, error) {
	chosen, err := f.chooseAll(ctx, intents, reserved)
	if err != nil {
		return intents, err
	}
	var named []record
	var taken []naming
	for i, intent := range chosen {
		err := ctx.Err()
		if err == nil {
			err = f.staging.move(f.plan.staged(intent.Entry), f.target, intent.Name)
		}
		switch {
		case err == nil:
			named = append(named, record{Named: &chosen[i]})
		case errors.Is(err, fs.ErrExist):
			taken = append(taken, intent)
		case isUnfit(err):
			f.giveUpTop(intent.Entry, err)
		default:
			return append(taken, chosen[i:]...), errors.Join(err, f.confirm(named))
		}
	}
	return taken, f.confirm(named)
}

// chooseAll chooses the names of all, and notes those that are not noted yet:
// where giving them fails again and again, the notes do not grow.
func (f *Folder) chooseAll(ctx context.Context, intents []naming, reserved map[string]bool) (chosen []naming, err error) {
	chosen = make([]naming, 0, len(intents)) // records point into it
	var fresh []record
	for _, intent := range intents {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		err := f.choose(&intent, reserved)
		if isUnfit(err) {
			f.giveUpTop(intent.Entry, err)
			continue
		}
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, intent)
		if f.past.intended[intent.Entry] != intent {
			fresh = append(fresh, record{Intend: &chosen[len(chosen)-1]})
		}
	}
	if len(fresh) == 0 {
		return chosen, nil
	}
	if err := f.note(true, fresh...); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range fresh {
		f.past.add(r)
	}
	return chosen, nil
}

// choose finds a free name that is not in reserved, which has what was chosen
// before, and reserves it.
func (f *Folder) choose(intent *naming, reserved map[string]bool) error {
	final := f.plan.final(intent.Entry)
	candidate, of := final, family(spot{folded: foldName(final)}, final)
	if noted := f.past.intended[intent.Entry]; noted.Target == intent.Target && SafeFileName(noted.Name) == noted.Name {
		candidate = noted.Name
	}
	for range maxNumber {
		free := !reserved[foldName(candidate)]
		if free {
			_, err := f.target.look(candidate)
			if free = errors.Is(err, fs.ErrNotExist); err != nil && !free {
				return err
			}
		}
		if free {
			reserved[foldName(candidate)] = true
			intent.Name = candidate
			return nil
		}
		f.numbers[of]++
		candidate = numbered(final, f.numbers[of])
	}
	return fmt.Errorf("%q: %w", final, fs.ErrExist)
}

// confirm notes which names were given, when they are on the disk.
func (f *Folder) confirm(named []record) error {
	err := f.target.flush()
	if err == nil {
		err = f.note(false, named...)
	}
	// They have their names, whatever the notes say: those are a matter of
	// the next start, which finds it out.
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, r := range named {
		f.past.add(r)
		f.marks[r.Named.Entry-1] |= markNamed
	}
	return err
}
