package cli_test

import (
	"strings"
	"testing"

	"feihong/app/control"
)

func TestPreferencesAreShown(t *testing.T) {
	chosen := settings
	chosen.Preferences = control.Preferences{Receipts: true, KeepDays: 30, ImagesUpTo: 10_000_000, Notify: true, QuietHours: "22:00-07:00"}
	h := &host{answer: chosen}
	wantLines(t, run(t, h, "settings", "--json"), []control.Settings{chosen})
	run(t, h, "settings").want(t, 0, ""+
		"read receipts  on\n"+
		"typing shown   off\n"+
		"messages kept  30 days\n"+
		"pictures       accepted up to 10.0 MB\n"+
		"notifications  on\n"+
		"text in them   off\n"+
		"sounds         off\n"+
		"quiet hours    22:00-07:00\n", "")
	if h.asked() != "GET /v1/settings" {
		t.Errorf("asked %q", h.asked())
	}
	run(t, &host{answer: control.Settings{}}, "settings", "--lang", "zh").want(t, 0, ""+
		"已读回执      关\n"+
		"正在输入提示  关\n"+
		"消息保留      永久\n"+
		"图片          每次询问\n"+
		"桌面通知      关\n"+
		"通知显示内容  关\n"+
		"提示音        关\n"+
		"免打扰时段    无\n", "")
}

func TestPreferencesAreChanged(t *testing.T) {
	kept := settings
	kept.KeepDays = 90
	tests := []struct{ args, body string }{
		{"settings --receipts off", `{"receipts":false}`},
		{"settings --typing on --json", `{"typing":true}`},
		{"settings --keep-days 30 --yes", `{"keep_days":30}`},
		{"settings --keep-days 90", `{"keep_days":90}`},
		{"settings --keep-days 91", `{"keep_days":91}`},
		{"settings --keep-days 0", `{"keep_days":0}`},
		{"settings --images-up-to 10MB", `{"images_up_to":10000000}`},
		{"settings --images-up-to 0", `{"images_up_to":0}`},
		{"settings --images-up-to off", `{"images_up_to":0}`},
		{"settings --notify on --notify-text off --sounds off", `{"notify":true,"notify_text":false,"sounds":false}`},
		{"settings --quiet 22:00-7:00", `{"quiet_hours":"22:00-7:00"}`},
		{"settings --quiet off", `{"quiet_hours":""}`},
	}
	for _, test := range tests {
		h := &host{answer: kept}
		if r := run(t, h, strings.Fields(test.args)...); h.asked() != "PUT /v1/settings "+test.body || r.code != 0 {
			t.Errorf("%s: asked %q, %+v", test.args, h.asked(), r)
		}
	}
}

func TestPreferencesAreRefused(t *testing.T) {
	tests := []struct{ args, says, chinese string }{
		{"settings --receipts maybe", `--receipts "maybe": give on or off`, "--receipts“maybe”无效"},
		{"settings --sounds=", `--sounds "": give on or off`, "--sounds“”无效"},
		{"settings --images-up-to much", `"much": give off or a size such as 10MB`, "“much”无效"},
		{"settings --images-up-to 0.4", `"0.4": give off or a size such as 10MB`, "“0.4”无效"},
		{"settings --images-up-to=", `"": give off or a size such as 10MB`, "“”无效"},
		{"settings --quiet=", `--quiet "": give two times such as 22:00-07:00, or off`, "--quiet“”无效"},
		{"settings --keep-days long", `--keep-days cannot be "long"`, "--keep-days 的值不能是“long”"},
		{"settings now", `"now"`, "“now”"},
	}
	for _, test := range tests {
		for lang, says := range map[string]string{"en": test.says, "zh": test.chinese} {
			h := &host{answer: settings}
			r := run(t, h, append(strings.Fields(test.args), "--lang", lang)...)
			if r.code != 2 || !strings.Contains(r.err, says) || len(h.called) > 0 {
				t.Errorf("%s: %+v, asked %q", test.args, r, h.called)
			}
		}
	}
	for _, value := range []string{"off22:00-07:00", "offf", "Off"} { // are left to be judged as they are
		h := &host{answer: settings}
		if run(t, h, "settings", "--quiet", value); h.asked() != `PUT /v1/settings {"quiet_hours":"`+value+`"}` {
			t.Errorf("quiet %s: asked %q", value, h.asked())
		}
	}
	h := &host{status: 400, answer: &control.Error{Code: control.CodeBadSetting, Message: "no", Key: "control.bad-quiet-hours", Args: map[string]any{"value": "now"}}}
	run(t, h, "settings", "--quiet", "now").want(t, 2, "", "feihong: Quiet hours \"now\": give two times such as 22:00-07:00.\n")
}

// Messages that are deleted do not come back.
func TestKeepingLessIsAskedFor(t *testing.T) {
	for kept, days := range map[int]string{0: "36500", 90: "89"} {
		for lang, says := range map[string]string{
			"en": "all messages older than " + days + " days are deleted from this computer, now and from now on, and cannot be brought back; to go on, add --yes",
			"zh": "早于 " + days + " 天的消息会从这台电脑上删除，以后也一样，且无法恢复；如要继续，请加上 --yes",
		} {
			now := settings
			now.KeepDays = kept
			h := &host{answer: now}
			r := run(t, h, "settings", "--keep-days", days, "--sounds", "off", "--lang", lang)
			if r.code != 2 || r.out != "" || !strings.Contains(r.err, says) || h.asked() != "GET /v1/settings" {
				t.Errorf("from %d to %s: %+v, asked %q", kept, days, r, h.called)
			}
		}
	}
}
