package cli

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// help shows the help of a command, as --help behind it does.
func (c *commands) help() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: c.t("cli.help"),
		RunE: func(cmd *cobra.Command, args []string) error {
			target, rest, err := cmd.Root().Find(args)
			if err != nil {
				return usageError(err)
			}
			if err := c.noWords(target, rest); err != nil {
				return err
			}
			return target.Help()
		},
	}
}

// printUsage writes the part of the help that is made from the commands and
// flags. Cobra's own knows only English.
func (c *commands) printUsage(cmd *cobra.Command) error {
	var b strings.Builder
	c.heading(&b, "cli.help.usage")
	fmt.Fprintf(&b, "  %s\n", cmd.UseLine())
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "  %s COMMAND [flags]\n", cmd.CommandPath())
		c.heading(&b, "cli.help.commands")
		for _, sub := range cmd.Commands() {
			fmt.Fprintf(&b, "  %-*s  %s\n", sub.NamePadding(), sub.Name(), sub.Short)
		}
	}
	own := cmd.NonInheritedFlags()
	if cmd.HasParent() && own.HasAvailableFlags() {
		c.heading(&b, "cli.help.flags")
		printFlags(&b, own)
	}
	c.heading(&b, "cli.help.global-flags")
	printFlags(&b, cmd.Root().PersistentFlags())
	if cmd.HasAvailableSubCommands() {
		fmt.Fprintf(&b, "\n%s\n", c.t("cli.help.more"))
	}
	_, err := io.WriteString(cmd.OutOrStderr(), b.String())
	return err
}

func (c *commands) heading(b *strings.Builder, key string) {
	if b.Len() > 0 {
		b.WriteByte('\n')
	}
	b.WriteString(c.t(key) + "\n")
}

// placeholders stand for the values of flags.
var placeholders = map[string]string{
	"profile": "NAME", "data": "DIR", "name": "NAME", "port": "N", "listen": "ADDR", "lang": "zh|en", "log-level": "LEVEL",
	"timeout": "TIME", "search": "TEXT", "limit": "N", "discovery": "HOW", "text": "TEXT", "department": "NAME", "idle": "N",
	"receipts": "on|off", "typing": "on|off", "keep-days": "N", "images-up-to": "SIZE", "notify": "on|off", "notify-text": "on|off",
	"sounds": "on|off", "quiet": "FROM-TO",
	"to": "DIR", "with": "WHO", "wait": "[=TIME]", "reply-to": "ID",
}

func printFlags(b *strings.Builder, flags *pflag.FlagSet) {
	flags.VisitAll(func(f *pflag.Flag) {
		name := "    --" + f.Name
		if f.Shorthand != "" {
			name = "-" + f.Shorthand + ", --" + f.Name
		}
		value := placeholders[f.Name]
		if f.NoOptDefVal == "" || value == "" {
			value = " " + value
		}
		fmt.Fprintf(b, "  %-22s %s\n", strings.TrimRight(name+value, " "), f.Usage)
	})
}
