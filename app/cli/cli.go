package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"feihong/app/control"
	"feihong/app/profile"
	"feihong/assets/translations"
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// commands is one run of the command line.
type commands struct {
	Streams
	host     Host
	opts     Options
	text     *translations.Catalog
	terminal bool // somebody looks at what is written to Err
}

// Run carries out a command line and returns the exit code. Once ctx has ended
// it waits for a stalled stream no longer than a second.
func Run(ctx context.Context, host Host, args []string, streams Streams) int {
	terminal := isTerminal(streams.Err)
	streams.Out = &patientWriter{ctx: ctx, stream: streams.Out}
	streams.Err = &patientWriter{ctx: ctx, stream: streams.Err}
	c := &commands{Streams: streams, host: host, terminal: terminal}
	c.text = translations.New(languageOf(args))
	root := c.root()
	root.SetArgs(args)
	root.SetIn(streams.In)
	root.SetOut(streams.Out)
	root.SetErr(streams.Err)
	err := c.cancelled(ctx, root.ExecuteContext(ctx))
	c.explain(err)
	return exitCode(err)
}

// languageOf finds --lang before the flags are parsed, because the help is
// written while they are declared. As with all flags, the last one counts.
func languageOf(args []string) string {
	language := ""
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, ok := strings.CutPrefix(arg, "--lang="); ok {
			language = value
		}
		if arg == "--lang" && i+1 < len(args) {
			language = args[i+1]
		}
	}
	return language
}

func (c *commands) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "feihong",
		Short:         c.t("cli.root"),
		Long:          c.t("cli.root.long"),
		Args:          c.noWords,
		SilenceErrors: true,
		SilenceUsage:  true,
		PersistentPreRunE: func(*cobra.Command, []string) error {
			return c.checkFlags()
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			return c.host.Window(cmd.Context(), c.opts)
		},
	}
	flags := root.PersistentFlags()
	flags.StringVar(&c.opts.Profile, "profile", "", c.t("cli.flag.profile"))
	flags.StringVar(&c.opts.Data, "data", "", c.t("cli.flag.data"))
	flags.StringVar(&c.opts.Name, "name", "", c.t("cli.flag.name"))
	flags.IntVar(&c.opts.Port, "port", -1, c.t("cli.flag.port"))
	flags.StringVar(&c.opts.Listen, "listen", "", c.t("cli.flag.listen"))
	flags.StringVar(&c.opts.Discovery, "discovery", "", c.t("cli.flag.discovery"))
	flags.StringVar(&c.opts.Language, "lang", "", c.t("cli.flag.lang"))
	flags.StringVar(&c.opts.LogLevel, "log-level", "warn", c.t("cli.flag.log-level"))
	flags.BoolP("help", "h", false, c.t("cli.flag.help"))
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return c.flagError(err) })
	root.SetUsageFunc(c.printUsage)
	root.SetHelpCommand(c.help())
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddCommand(
		c.daemon(), c.send(), c.edit(), c.recall(), c.react(), c.nudge(), c.files(), c.peers(), c.history(), c.export(), c.status(), c.preferences(), c.doctor(), c.ranges(), c.search(), c.id(), c.version(),
	)
	return root
}

func (c *commands) checkFlags() error {
	o := &c.opts
	o.Catalog, o.Stderr = c.text, c.Err
	if o.Language != "" && o.Language != translations.Chinese && o.Language != translations.English {
		return c.misuse("cli.misuse.lang", map[string]any{"value": o.Language})
	}
	if o.Port < -1 || o.Port > 65535 {
		return c.misuse("cli.misuse.port", map[string]any{"value": o.Port})
	}
	if _, err := netip.ParseAddr(o.Listen); o.Listen != "" && err != nil {
		return c.misuse("cli.misuse.listen", map[string]any{"value": o.Listen})
	}
	discoveries := []string{"", profile.DiscoveryOn, profile.DiscoveryLoopback, profile.DiscoveryOff}
	if !slices.Contains(discoveries, o.Discovery) {
		return c.misuse("cli.misuse.discovery", map[string]any{"value": o.Discovery})
	}
	switch o.LogLevel {
	case "debug", "info", "warn", "error":
		return nil
	}
	return c.misuse("cli.misuse.log-level", map[string]any{"value": o.LogLevel})
}

// explain says on the error stream why a command failed.
func (c *commands) explain(err error) {
	if err == nil {
		return
	}
	var exit *exitError
	if errors.As(err, &exit) && exit.err == nil {
		return // said already
	}
	c.complain(c.text.Error(err))
	var refusal *control.Error
	if errors.As(err, &refusal) {
		c.printCandidates(refusal.Candidates)
		_ = c.printTransfers(c.Err, "  ", refusal.Transfers) // nowhere else to complain
	}
	if exitCode(err) == exitUsage && refusal == nil {
		c.complain(c.t("cli.see-help"))
	}
}

func (c *commands) complain(text string) { fmt.Fprintln(c.Err, "feihong:", text) }

func (c *commands) t(key string) string { return c.text.Text(key, nil) }
