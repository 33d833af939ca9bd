// Compresses up to 16 blocks at once, one in each of the 16 words of an AVX-512
// register. It needs AVX-512F and nothing else.

#include "textflag.h"

DATA initial<>+0(SB)/4, $0x6A09E667
DATA initial<>+4(SB)/4, $0xBB67AE85
DATA initial<>+8(SB)/4, $0x3C6EF372
DATA initial<>+12(SB)/4, $0xA54FF53A
DATA initial<>+16(SB)/4, $0x510E527F
DATA initial<>+20(SB)/4, $0x9B05688C
DATA initial<>+24(SB)/4, $0x1F83D9AB
DATA initial<>+28(SB)/4, $0x5BE0CD19
GLOBL initial<>(SB), RODATA|NOPTR, $32

DATA lanes<>+0(SB)/8, $0x0000000100000000
DATA lanes<>+8(SB)/8, $0x0000000300000002
DATA lanes<>+16(SB)/8, $0x0000000500000004
DATA lanes<>+24(SB)/8, $0x0000000700000006
DATA lanes<>+32(SB)/8, $0x0000000900000008
DATA lanes<>+40(SB)/8, $0x0000000B0000000A
DATA lanes<>+48(SB)/8, $0x0000000D0000000C
DATA lanes<>+56(SB)/8, $0x0000000F0000000E
GLOBL lanes<>(SB), RODATA|NOPTR, $64

// The state is in Z0 to Z15, word by word, and the message in the others, where
// the transposition below happens to leave its words.
#define M0 Z18
#define M1 Z20
#define M2 Z19
#define M3 Z21
#define M4 Z26
#define M5 Z28
#define M6 Z27
#define M7 Z29
#define M8 Z17
#define M9 Z30
#define M10 Z31
#define M11 Z16
#define M12 Z22
#define M13 Z24
#define M14 Z23
#define M15 Z25

// PAIR reads a block each of two lanes and interleaves their words.
#define PAIR(n, low, high) \
	MOVQ 16*n(DX), R8; \
	MOVQ 16*n+8(DX), R9; \
	VMOVDQU32 (SI)(R8*1), Z10; \
	VPUNPCKLDQ (SI)(R9*1), Z10, low; \
	VPUNPCKHDQ (SI)(R9*1), Z10, high

// FOUR interleaves the words of four lanes. In each quarter, word0 gets the first
// word of the four, al the second, word2 the third and ah the last.
#define FOUR(al, ah, bl, bh, word0, word2) \
	VPUNPCKLQDQ bl, al, word0; \
	VPUNPCKHQDQ bl, al, al; \
	VPUNPCKLQDQ bh, ah, word2; \
	VPUNPCKHQDQ bh, ah, ah

// QUARTERS puts the quarters together that are of the same word: the words of
// all lanes are in b, d, free and c then, of the first quarter, the second, and
// so on.
#define QUARTERS(a, b, c, d, free) \
	VSHUFI32X4 $0x44, b, a, free; \
	VSHUFI32X4 $0xEE, b, a, a; \
	VSHUFI32X4 $0x44, d, c, Z10; \
	VSHUFI32X4 $0xEE, d, c, c; \
	VSHUFI32X4 $0x88, Z10, free, b; \
	VSHUFI32X4 $0xDD, Z10, free, d; \
	VSHUFI32X4 $0x88, c, a, free; \
	VSHUFI32X4 $0xDD, c, a, c

// MIX is half of the function G of BLAKE3, on four columns or diagonals.
#define MIX(b0, c0, d0, b1, c1, d1, b2, c2, d2, b3, c3, d3, m0, m1, m2, m3, left, right) \
	VPADDD m0, Z0, Z0; VPADDD m1, Z1, Z1; VPADDD m2, Z2, Z2; VPADDD m3, Z3, Z3; \
	VPADDD b0, Z0, Z0; VPADDD b1, Z1, Z1; VPADDD b2, Z2, Z2; VPADDD b3, Z3, Z3; \
	VPXORD Z0, d0, d0; VPXORD Z1, d1, d1; VPXORD Z2, d2, d2; VPXORD Z3, d3, d3; \
	VPRORD $left, d0, d0; VPRORD $left, d1, d1; VPRORD $left, d2, d2; VPRORD $left, d3, d3; \
	VPADDD d0, c0, c0; VPADDD d1, c1, c1; VPADDD d2, c2, c2; VPADDD d3, c3, c3; \
	VPXORD c0, b0, b0; VPXORD c1, b1, b1; VPXORD c2, b2, b2; VPXORD c3, b3, b3; \
	VPRORD $right, b0, b0; VPRORD $right, b1, b1; VPRORD $right, b2, b2; VPRORD $right, b3, b3

#define COLUMNS(m0, m1, m2, m3, left, right) \
	MIX(Z4, Z8, Z12, Z5, Z9, Z13, Z6, Z10, Z14, Z7, Z11, Z15, m0, m1, m2, m3, left, right)

#define DIAGONALS(m0, m1, m2, m3, left, right) \
	MIX(Z5, Z10, Z15, Z6, Z11, Z12, Z7, Z8, Z13, Z4, Z9, Z14, m0, m1, m2, m3, left, right)

#define ROUND(m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15) \
	COLUMNS(m0, m2, m4, m6, 16, 12); \
	COLUMNS(m1, m3, m5, m7, 8, 7); \
	DIAGONALS(m8, m10, m12, m14, 16, 12); \
	DIAGONALS(m9, m11, m13, m15, 8, 7)

// STORE writes half of the values of four lanes.
#define STORE(x, z, at) \
	VMOVDQU x, at(DI); \
	VEXTRACTI32X4 $1, z, at+128(DI); \
	VEXTRACTI32X4 $2, z, at+256(DI); \
	VEXTRACTI32X4 $3, z, at+384(DI)

// func compress(values *[wide]words, data unsafe.Pointer, offsets *offsets, blocks, counter uint64, step, flags, first, last uint32)
TEXT ·compress(SB), NOSPLIT, $128-56
	MOVQ values+0(FP), DI
	MOVQ data+8(FP), SI
	MOVQ offsets+16(FP), DX
	MOVQ blocks+24(FP), CX

	// The counters stay in memory: all registers are needed.
	MOVL         step+40(FP), R8
	VPBROADCASTD R8, Z0
	VPMULLD      lanes<>(SB), Z0, Z0
	MOVQ         counter+32(FP), R8
	VPBROADCASTD R8, Z1
	VPADDD       Z1, Z0, Z0
	VMOVDQU32    Z0, 0(SP)
	SHRQ         $32, R8
	VPBROADCASTD R8, Z1
	VMOVDQU32    Z1, 64(SP)

	VPBROADCASTD initial<>+0(SB), Z0
	VPBROADCASTD initial<>+4(SB), Z1
	VPBROADCASTD initial<>+8(SB), Z2
	VPBROADCASTD initial<>+12(SB), Z3
	VPBROADCASTD initial<>+16(SB), Z4
	VPBROADCASTD initial<>+20(SB), Z5
	VPBROADCASTD initial<>+24(SB), Z6
	VPBROADCASTD initial<>+28(SB), Z7

	MOVL flags+44(FP), R10
	MOVL R10, AX
	ORL  first+48(FP), AX

block:
	CMPQ CX, $1
	JNE  transpose
	ORL  last+52(FP), AX

transpose:
	PAIR(0, Z16, Z17)
	PAIR(1, Z18, Z19)
	PAIR(2, Z20, Z21)
	PAIR(3, Z22, Z23)
	PAIR(4, Z24, Z25)
	PAIR(5, Z26, Z27)
	PAIR(6, Z28, Z29)
	PAIR(7, Z30, Z31)
	FOUR(Z16, Z17, Z18, Z19, Z8, Z9)
	FOUR(Z20, Z21, Z22, Z23, Z18, Z19)
	FOUR(Z24, Z25, Z26, Z27, Z22, Z23)
	FOUR(Z28, Z29, Z30, Z31, Z26, Z27)
	QUARTERS(Z16, Z20, Z24, Z28, Z30)
	QUARTERS(Z17, Z21, Z25, Z29, Z16)
	QUARTERS(Z8, Z18, Z22, Z26, Z17)
	QUARTERS(Z9, Z19, Z23, Z27, Z31)

	VPBROADCASTD initial<>+0(SB), Z8
	VPBROADCASTD initial<>+4(SB), Z9
	VPBROADCASTD initial<>+8(SB), Z10
	VPBROADCASTD initial<>+12(SB), Z11
	VMOVDQU32    0(SP), Z12
	VMOVDQU32    64(SP), Z13
	MOVL         $64, R8
	VPBROADCASTD R8, Z14
	VPBROADCASTD AX, Z15

	ROUND(M0, M1, M2, M3, M4, M5, M6, M7, M8, M9, M10, M11, M12, M13, M14, M15)
	ROUND(M2, M6, M3, M10, M7, M0, M4, M13, M1, M11, M12, M5, M9, M14, M15, M8)
	ROUND(M3, M4, M10, M12, M13, M2, M7, M14, M6, M5, M9, M0, M11, M15, M8, M1)
	ROUND(M10, M7, M12, M9, M14, M3, M13, M15, M4, M0, M11, M2, M5, M8, M1, M6)
	ROUND(M12, M13, M9, M11, M15, M10, M14, M8, M7, M2, M5, M3, M0, M1, M6, M4)
	ROUND(M9, M14, M11, M5, M8, M12, M15, M1, M13, M3, M0, M10, M2, M6, M4, M7)
	ROUND(M11, M15, M5, M0, M1, M9, M8, M6, M14, M10, M2, M12, M3, M4, M7, M13)

	VPXORD Z8, Z0, Z0
	VPXORD Z9, Z1, Z1
	VPXORD Z10, Z2, Z2
	VPXORD Z11, Z3, Z3
	VPXORD Z12, Z4, Z4
	VPXORD Z13, Z5, Z5
	VPXORD Z14, Z6, Z6
	VPXORD Z15, Z7, Z7

	ADDQ $64, SI
	MOVL R10, AX
	DECQ CX
	JNZ  block

	VPUNPCKLDQ Z1, Z0, Z8
	VPUNPCKHDQ Z1, Z0, Z9
	VPUNPCKLDQ Z3, Z2, Z10
	VPUNPCKHDQ Z3, Z2, Z11
	VPUNPCKLDQ Z5, Z4, Z12
	VPUNPCKHDQ Z5, Z4, Z13
	VPUNPCKLDQ Z7, Z6, Z14
	VPUNPCKHDQ Z7, Z6, Z15
	FOUR(Z8, Z9, Z10, Z11, Z0, Z1)
	FOUR(Z12, Z13, Z14, Z15, Z2, Z3)
	STORE(X0, Z0, 0)
	STORE(X2, Z2, 16)
	STORE(X8, Z8, 32)
	STORE(X12, Z12, 48)
	STORE(X1, Z1, 64)
	STORE(X3, Z3, 80)
	STORE(X9, Z9, 96)
	STORE(X13, Z13, 112)
	VZEROUPPER
	RET
