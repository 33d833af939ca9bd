package gui

import (
	"context"
	"errors"

	"feihong/protocol"
	"feihong/transport/doctor"
)

// doctorCase is what the doctor is asked about: an address, with the name of
// the person if it is known, or with no address this machine.
type doctorCase struct {
	address, name string
	person        protocol.PeerID // zero: anybody
}

// named says that there is more to tell than the address.
func (c doctorCase) named() bool { return c.name != "" && c.name != c.address }

// doctorRun is one examination. It is touched on the user interface's
// goroutine only.
type doctorRun struct {
	of     doctorCase
	steps  []doctor.Step
	report *doctor.Report // nil while it runs, or if it failed
	err    error
	done   bool
	cancel context.CancelFunc
}

// maxDoctorSteps bounds what is shown, whatever the doctor tells.
const maxDoctorSteps = 200

// doctorPage gives the doctor's page. Few ever ask for it, so that it is made
// when it is shown first.
func (w *Window) doctorPage() *doctorPage {
	if w.right.doctor == nil {
		w.right.doctor = newDoctorPage(w.words, doctorActions{
			back: w.leaveDoctor, again: w.examineAgain, stop: w.stopDoctor, copy: w.copy,
			here: func() { w.showDoctor(doctorCase{}) },
			question: questionActions{
				read:     w.readAddress,
				examine:  func(address string) { w.showDoctor(doctorCase{address: address}) },
				shortcut: w.shortcut,
				escape:   w.escape,
			},
		})
		w.right.pages.Add(w.right.doctor)
	}
	return w.right.doctor
}

// showDoctor shows the doctor's page and begins an examination.
func (w *Window) showDoctor(of doctorCase) {
	if w.cfg.Doctor == nil {
		return
	}
	if w.modal != nil {
		w.modal.hide()
	}
	w.stopDoctor()
	w.settings = nil
	stopped, cancel := context.WithCancel(context.Background())
	run := &doctorRun{of: of, cancel: cancel}
	w.doctor = run
	w.doctorPage().show(run)
	w.showRight()
	w.win.Canvas().Unfocus() // so that Escape reaches the window
	w.background.start(func(ctx context.Context) {
		ctx, end := context.WithCancel(ctx)
		defer end()
		defer context.AfterFunc(stopped, end)()
		report, err := w.cfg.Doctor(ctx, of.address, of.person, func(step doctor.Step) {
			w.cfg.Do(func() { w.doctorStep(run, step) })
		})
		w.cfg.Do(func() { w.doctorDone(run, report, err) })
	})
}

func (w *Window) doctorStep(run *doctorRun, step doctor.Step) {
	if w.doctor != run || run.done || len(run.steps) >= maxDoctorSteps {
		return
	}
	run.steps = append(run.steps, step)
	w.doctorPage().show(run)
}

func (w *Window) doctorDone(run *doctorRun, report doctor.Report, err error) {
	if w.doctor != run || run.done {
		return
	}
	run.done = true
	run.cancel()
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			w.cfg.Logger.Warn("doctor", "address", run.of.address, "err", err)
		}
		run.err = err
	} else {
		run.report, run.steps = &report, report.Steps
	}
	w.doctorPage().show(run)
}

// stopDoctor ends the examination under way, and keeps what it found so far on
// the page.
func (w *Window) stopDoctor() {
	run := w.doctor
	if run == nil || run.done {
		return
	}
	run.cancel()
	run.done, run.err = true, context.Canceled
	w.doctorPage().show(run)
}

// leaveDoctor closes the page.
func (w *Window) leaveDoctor() {
	w.stopDoctor()
	w.doctor = nil
	w.showRight()
	w.focusComposer()
	w.markRead()
}

// examineAgain repeats the examination on the page.
func (w *Window) examineAgain() {
	if w.doctor != nil {
		w.showDoctor(w.doctor.of)
	}
}

// askDoctorAboutTalk examines why the person of the open conversation is not
// reached; without an address all that can be examined is this machine.
func (w *Window) askDoctorAboutTalk() {
	s := w.current()
	switch {
	case s == nil:
	case s.Address == "":
		w.showDoctor(doctorCase{})
	default:
		w.showDoctor(doctorCase{address: s.Address, name: s.DisplayName(), person: s.Peer})
	}
}
