package idle

// The parts that take apart what systems tell, whatever this system is.
var (
	ParseHIDIdleTime = parseHIDIdleTime
	SinceTick        = sinceTick
)
