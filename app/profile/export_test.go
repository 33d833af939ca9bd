package profile

// Socket is the path of the control socket, looked at or not.
func (l Location) Socket() string { return l.socketPath() }

// ParseSettings takes a settings file apart.
var ParseSettings = parseSettings
