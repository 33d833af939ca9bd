package gui_test

import (
	"slices"
	"strings"
	"testing"

	"feihong/app/gui"
)

func TestNamesAreFoundByTheirReading(t *testing.T) {
	for _, c := range []struct {
		name, found, missed string // what is typed, with spaces between
	}{
		{"王小明", "w wang wx wxm wangxiaoming wangxm wxiaom xm xiaoming ming m", "wm wg ang wangming wxmz"},
		{"单雄信", "shan dan sxx shxx dxx chan", "sx2 xd"},    // several readings
		{"吕布", "lv lu lb lvbu lubu", "l b"},                // ü
		{"张 三", "zhangsan zs zhs zhs", "z s"},              // what parts a name
		{"Anna 李", "annali annal li nali al", "anali anl"}, // letters are letters
		{"乐乐", "lele yueyue ll yl leyue", "lelele"},        // each character for itself
		{"", "", "a"}, // nothing
		{"王", "", strings.Repeat("w", 65) + " 王 wang1 WANG"}, // only small letters are readings
	} {
		for _, typed := range strings.Fields(c.found) {
			if !gui.ReadsAs(c.name, typed) {
				t.Errorf("%s is not found by %q", c.name, typed)
			}
		}
		for _, typed := range strings.Fields(c.missed) {
			if len(typed) > 1 && gui.ReadsAs(c.name, typed) {
				t.Errorf("%s is found by %q", c.name, typed)
			}
		}
	}
	if gui.ReadsAs("王", "") {
		t.Error("nothing typed finds somebody")
	}
}

func TestNamesSortByTheirReading(t *testing.T) {
	names := []string{"赵六", "Bob", "先生", "陈静", "安娜", "西安", "anna", "王小明"}
	slices.SortFunc(names, func(a, b string) int { return strings.Compare(gui.OrderOf(a), gui.OrderOf(b)) })
	want := []string{"安娜", "anna", "Bob", "陈静", "王小明", "西安", "先生", "赵六"}
	if !slices.Equal(names, want) {
		t.Errorf("%v, want %v", names, want)
	}
}

func FuzzReading(f *testing.F) {
	f.Add("王小明", "wxm")
	f.Add("\xff李 ·", "l")
	f.Fuzz(func(t *testing.T, name, typed string) {
		gui.ReadsAs(name, typed) // does not panic
		gui.OrderOf(name)
	})
}
