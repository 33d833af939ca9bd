package autostart

// The forms of each system, which are tested on all.
var (
	DesktopEntry = desktopEntry
	CommandLine  = commandLine
	LaunchAgent  = launchAgent

	DesktopEntryOff = desktopEntryOff
	LaunchAgentOff  = launchAgentOff
)
