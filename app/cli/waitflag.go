package cli

import (
	"errors"
	"time"
)

// waitForever is what --wait means without a time.
const waitForever = "forever"

// waitFlag is the value of --wait[=TIME].
type waitFlag struct {
	given bool
	limit time.Duration // 0: none
}

// String is part of pflag.Value. By default nobody waits.
func (w *waitFlag) String() string { return "" }

// Set is part of pflag.Value.
func (w *waitFlag) Set(value string) error {
	if value == waitForever {
		*w = waitFlag{given: true}
		return nil
	}
	limit, err := time.ParseDuration(value)
	if err != nil {
		return err
	}
	if limit <= 0 {
		return errors.New("not a time to wait")
	}
	*w = waitFlag{given: true, limit: limit}
	return nil
}

// Type is part of pflag.Value.
func (w *waitFlag) Type() string { return "duration" }
