package control

import (
	"context"
	"fmt"
	"io"
	"net/http"
)

// direct carries requests to a handler in the same process, streaming the
// answer, so that commands need not know whether a socket lies between.
type direct struct{ handler http.Handler }

// RoundTrip calls the handler. Its context ends when that of the request does
// or the body of the response is closed.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	request := r.Clone(ctx)
	request.RequestURI = r.URL.RequestURI()
	if request.Body == nil {
		request.Body = http.NoBody
	}
	reader, writer := io.Pipe()
	w := &directWriter{
		body:    writer,
		started: make(chan struct{}),
		response: &http.Response{
			Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: make(http.Header), Body: &directBody{reader, cancel}, Request: r, ContentLength: -1,
		},
	}
	go func() {
		defer cancel()
		err := serve(d.handler, w, request)
		_ = request.Body.Close() // only read from
		w.WriteHeader(http.StatusOK)
		_ = writer.CloseWithError(err) // never fails
	}()
	select {
	case <-w.started:
	case <-r.Context().Done():
	}
	if err := r.Context().Err(); err != nil {
		_ = w.response.Body.Close() // frees a handler that writes
		return nil, err
	}
	return w.response, nil
}

// serve calls the handler and tells whether it broke off its answer.
func serve(handler http.Handler, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch broken := recover(); broken {
		case nil:
		case http.ErrAbortHandler:
			err = io.ErrUnexpectedEOF
		default:
			panic(broken)
		}
	}()
	handler.ServeHTTP(w, r)
	return nil
}

// directBody is the body of a response. Closing it ends the handler.
type directBody struct {
	*io.PipeReader
	cancel context.CancelFunc
}

func (b *directBody) Close() error {
	b.cancel()
	return b.PipeReader.Close()
}

type directWriter struct {
	body     *io.PipeWriter
	response *http.Response
	started  chan struct{} // closed when status and header are final
	wrote    bool
}

func (w *directWriter) Header() http.Header { return w.response.Header }

func (w *directWriter) WriteHeader(status int) {
	if w.wrote {
		return
	}
	w.wrote = true
	w.response.StatusCode = status
	w.response.Status = fmt.Sprintf("%d %s", status, http.StatusText(status))
	close(w.started)
}

func (w *directWriter) Write(p []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(p)
}

// FlushError does nothing: a pipe holds nothing back.
func (w *directWriter) FlushError() error {
	w.WriteHeader(http.StatusOK)
	return nil
}
