package cli_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"feihong/app/cli"
	"feihong/app/profile"
)

func TestFlagsAnywhere(t *testing.T) {
	const flags = "--profile bob --data /d --name Bob --port 5 --listen ::1 --lang en --log-level debug --discovery loopback"
	want := cli.Options{Profile: "bob", Data: "/d", Name: "Bob", Port: 5, Listen: "::1", Language: "en", LogLevel: "debug", Discovery: "loopback"}
	joined := strings.NewReplacer(" --", " --", " ", "=").Replace(flags) // --profile=bob
	for _, args := range []string{
		flags + " id", "id " + flags, joined + " id", "id " + joined,
		flags + " peers", "peers " + flags + " --json", "history " + flags + " Bob", "history Bob " + flags,
		flags + " send Bob hi", "send " + flags + " Bob hi", "send Bob " + flags + " hi", "send Bob hi " + flags,
		flags + " daemon", "daemon " + flags, flags,
	} {
		h := &host{answer: "null"}
		run(t, h, strings.Fields(args)...)
		got := h.options
		if got.Catalog == nil || got.Catalog.Lang() != "en" || got.Stderr == nil {
			t.Errorf("%s: the host got %+v", args, got)
		}
		got.Catalog, got.Stderr = nil, nil
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the host got %+v", args, got)
		}
	}
}

func TestFlagsLeftOut(t *testing.T) {
	h := &host{}
	run(t, h)
	if o := h.options; o.Port != -1 || o.Profile != "" || o.LogLevel != "warn" || o.Discovery != "" || h.asked() != "window" {
		t.Errorf("%s got %+v", h.asked(), o)
	}
}

func TestMisuse(t *testing.T) {
	tests := []struct{ args, says, chinese string }{
		{"sned Bob hi", `unknown command or word "sned" behind "feihong"`, `没有“sned”这个命令`},
		{"daemon now", `unknown command or word "now" behind "feihong daemon"`, `没有“now”这个命令`},
		{"id Bob", `"Bob"`, "“Bob”"},
		{"version 2", `"2"`, "“2”"},
		{"send", "usage: feihong send WHO TEXT…", "用法：feihong send WHO TEXT…"},
		{"send Bob", "usage: feihong send WHO TEXT…", "用法"},
		{"history", "usage: feihong history WHO", "用法"},
		{"history Bob Li", "usage: feihong history WHO", "用法"},
		{"id --fast", "no flag --fast", "没有 --fast 这个选项"},
		{"send Bob -5°", "no flag -5", "没有 -5 这个选项"},
		{"id --json=maybe", `--json cannot be "maybe"`, "--json 的值不能是“maybe”"},
		{"id --data", "--data needs a value", "--data 后面缺少值"},
		{"--port many", `--port cannot be "many"`, "--port 的值不能是“many”"},
		{"--port 65536", "--port 65536", "--port 65536"},
		{"--port -2", "--port -2", "--port -2"},
		{"--log-level loud id", "--log-level loud", "--log-level loud"},
		{"send Bob hi --timeout 10", `--timeout cannot be "10"`, "--timeout 的值不能是“10”"},
		{"send Bob hi --timeout -1s", "--timeout -1s", "--timeout -1s"},
		{"history Bob --limit -1", "--limit -1", "--limit -1"},
		{"id --discovery of", "--discovery of: give on, loopback or off", "--discovery of：请填"},
		{"--discovery On", "--discovery On", "--discovery On"},
		{"status sleeping", `status "sleeping": give online, away, busy or invisible`, "状态“sleeping”无效"},
		{"status busy 2", "usage: feihong status", "用法：feihong status"},
		{"status --idle soon", `--idle cannot be "soon"`, "--idle 的值不能是“soon”"},
		{"doctor a b", "usage: feihong doctor [ADDRESS|WHO]", "用法：feihong doctor"},
		{"ranges 10.0.0.1", `unknown command or word "10.0.0.1" behind "feihong ranges"`, "没有“10.0.0.1”这个命令"},
		{"ranges add", "usage: feihong ranges add RANGE…", "用法：feihong ranges add RANGE…"},
		{"ranges remove", "usage: feihong ranges remove RANGE…", "用法"},
		{"ranges list all", `"all"`, "“all”"},
		{"search Bob", `"Bob"`, "“Bob”"},
	}
	for _, test := range tests {
		h := &host{answer: "null"}
		english := run(t, h, strings.Fields(test.args)...)
		chinese := run(t, h, strings.Fields(test.args+" --lang zh")...)
		if english.code != 2 || english.out != "" || !strings.Contains(english.err, test.says) || !strings.Contains(english.err, "feihong --help") {
			t.Errorf("%s: %+v", test.args, english)
		}
		if test.args == "id --data" { // takes the next word as its value
			chinese = run(t, h, "--lang=zh", "id", "--data")
		}
		if chinese.code != 2 || !strings.Contains(chinese.err, test.chinese) || !strings.Contains(chinese.err, "查看所有命令") {
			t.Errorf("%s in Chinese: %+v", test.args, chinese)
		}
		for _, called := range h.called {
			if called != "do" {
				t.Errorf("%s: the profile was asked %v", test.args, h.called)
			}
		}
	}
}

func TestLanguage(t *testing.T) {
	tests := []struct {
		args, locale string
		chinese      bool
	}{
		{"sned --lang zh", "C", true},
		{"--lang=zh sned", "C", true},
		{"--lang en sned --lang zh", "C", true},
		{"--lang zh sned --lang en", "zh_CN.UTF-8", false},
		{"sned", "zh_CN.UTF-8", true},
		{"sned", "en_GB.UTF-8", false},
		{"--lang en sned", "zh_CN.UTF-8", false},
		{"sned -- --lang zh", "C", false},
	}
	for _, test := range tests {
		t.Setenv("LC_ALL", test.locale)
		var errs strings.Builder
		code := cli.Run(t.Context(), &host{}, strings.Fields(test.args), cli.Streams{Err: &errs})
		if code != 2 || strings.Contains(errs.String(), "没有") != test.chinese {
			t.Errorf("%+v: exit %d, %s", test, code, errs.String())
		}
	}
	r := run(t, &host{}, "id", "--lang", "fr")
	if r.code != 2 || !strings.Contains(r.err, "zh or en") {
		t.Errorf("--lang fr: %+v", r)
	}
}

func TestProfileThatCannotBeOpened(t *testing.T) {
	_, badName := profile.Locate("", "a/b")
	locked := &profile.LockedError{Profile: "bob", Dir: "/d/bob"}
	tests := []struct {
		err     error
		code    int
		english string
		chinese string
	}{
		{badName, 2, `Profile name "a/b"`, `配置名“a/b”无效`},
		{locked, 1, `Profile "bob" in /d/bob is in use`, "配置“bob”（/d/bob）正被另一个进程使用"},
		{errors.Join(locked, errors.New("x")), 1, "is in use", "正被另一个进程使用"},
		{errors.New("the disk is full"), 1, "the disk is full", "the disk is full"},
	}
	for _, test := range tests {
		for _, command := range []string{"", "daemon", "id", "peers", "history Bob", "send Bob hi", "status", "status busy", "doctor", "ranges", "ranges add a", "search"} {
			words := strings.Fields(command)
			if r := run(t, &host{fails: test.err}, words...); r.code != test.code || r.out != "" || !strings.Contains(r.err, test.english) {
				t.Errorf("%q: %+v", command, r)
			}
			if r := run(t, &host{fails: test.err}, append(words, "--lang", "zh")...); r.code != test.code || !strings.Contains(r.err, test.chinese) {
				t.Errorf("%q in Chinese: %+v", command, r)
			}
		}
	}
}
