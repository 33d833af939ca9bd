package cli

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// misuse is a mistake in the words of a command, told in the user's language.
func (c *commands) misuse(key string, args map[string]any) error {
	return usageError(errors.New(c.text.Text(key, args)))
}

// flagError tells what the parser of the flags found.
func (c *commands) flagError(err error) error {
	var (
		unknown *pflag.NotExistError
		bare    *pflag.ValueRequiredError
		wrong   *pflag.InvalidValueError
	)
	switch {
	case errors.As(err, &unknown):
		return c.misuse("cli.misuse.unknown-flag", map[string]any{"flag": dashed(unknown.GetSpecifiedName())})
	case errors.As(err, &bare):
		return c.misuse("cli.misuse.no-value", map[string]any{"flag": dashed(bare.GetSpecifiedName())})
	case errors.As(err, &wrong):
		return c.misuse("cli.misuse.bad-value", map[string]any{"flag": dashed(wrong.GetFlag().Name), "value": wrong.GetValue()})
	}
	return usageError(err)
}

func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// noWords refuses words behind a command that takes none.
func (c *commands) noWords(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return c.misuse("cli.misuse.unknown-word", map[string]any{"command": cmd.CommandPath(), "word": args[0]})
}

// words demands at least n words behind a command, and no more than most,
// if that is not 0.
func (c *commands) words(n, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n || most > 0 && len(args) > most {
			return c.misuse("cli.misuse.words", map[string]any{"usage": strings.TrimSuffix(cmd.UseLine(), " [flags]")})
		}
		return nil
	}
}
