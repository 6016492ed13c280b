using System.Globalization;
using System.Text;
using System.Text.Json;
using FeedbackAlignment.Texts;

namespace FeedbackAlignment.Tests.Texts;

public sealed class ForeignTextTests
{
    /// <summary>Every character there is, with a letter on each side, and every half of a pair by itself.</summary>
    [Fact]
    public void WhatATerminalObeysIsReplacedAndEverythingElseStays()
    {
        for (var value = 0; value <= 0x10FFFF; value++)
        {
            var letter = value is >= 0xD800 and <= 0xDFFF ? $"{(char)value}" : char.ConvertFromUtf32(value);
            var line = ForeignText.Line($"a{letter}z");
            Assert.True(line == (IsHarmful(value) ? "a\uFFFDz" : $"a{letter}z"), $"U+{value:X4} became {line}");
        }
    }

    [Theory]
    [InlineData("\u001b]0;pwn\u0007", "\uFFFD]0;pwn\uFFFD")]
    [InlineData("a\r\nb\tc\u0085d\u2028e\u2029f", "a\uFFFD\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf")]
    [InlineData("\u202Etxt.exe\u202C \u2066x\u2069 \u200E\u200F\u061C\uFEFF", "\uFFFDtxt.exe\uFFFD \uFFFDx\uFFFD \uFFFD\uFFFD\uFFFD\uFFFD")]
    [InlineData("👩‍👩‍👧 می‌خواهم É é ∂ 日本 🏳️‍🌈 \u0601", "👩‍👩‍👧 می‌خواهم É é ∂ 日本 🏳️‍🌈 \u0601")]
    [InlineData("flag \U0001F3F4\U000E0067\U000E007F", "flag \U0001F3F4\uFFFD\uFFFD")]
    [InlineData("", "")]
    public void TextsBecomeOneLine(string text, string line)
    {
        Assert.Equal(line, ForeignText.Line(text));
        Assert.Equal(line, ForeignText.Line(line));
        Assert.Equal($"\"{line}\"", ForeignText.Quoted(text));
    }

    /// <summary>Not a case of the theory above: attributes cannot hold half a pair.</summary>
    [Fact]
    public void HalfAPairIsReplaced() => Assert.Equal("half \uFFFD and \uFFFD", ForeignText.Line("half \uD83D and \uDE00"));

    [Fact]
    public void AnHonestTextIsNotCopied()
    {
        const string honest = "runs/mnist-20261123-113000/runs/feedback-alignment-1";
        Assert.Same(honest, ForeignText.Line(honest));
        Assert.Same(honest, ForeignText.WithoutCommands(honest));
    }

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdefg", 6, "abcde…")]
    [InlineData("abcd😀", 6, "abcd😀")]
    [InlineData("abcd😀e", 6, "abcd…")]
    [InlineData("abcd\u0301\u0302\u0303\u0304e", 6, "abc…")]
    [InlineData("😀😀", 1, "…")]
    public void ALongTextIsCutBetweenLetters(string text, int most, string line) => Assert.Equal(line, ForeignText.Line(text, most));

    [Theory]
    [InlineData("\u0301")]
    [InlineData("\u200D")]
    [InlineData("\u20DD")]
    [InlineData("\U000E0100")]
    public void ALetterHasFewMarks(string mark)
    {
        var many = string.Concat(Enumerable.Repeat(mark, 10_000));
        Assert.Equal($"a{string.Concat(Enumerable.Repeat(mark, 8))}b", ForeignText.Line($"a{many}b"));
        Assert.Equal("x…", ForeignText.Line($"xa{many}b", 4));
    }

    /// <summary>Texts of all kinds of characters, cut everywhere: never longer, never harmful, and the beginning of the whole line.</summary>
    [Fact]
    public void ACutIsTheBeginningOfTheLine()
    {
        string[] kinds = ["a", "é", "\u0301", "\u200D", "😀", "\uD83D", "\uDE00", "\n", "\u001b", "\u202E", "\U000E0041", "日", "\uFFFE",
            " "];
        var state = 1u;
        for (var trial = 0; trial < 2000; trial++)
        {
            var text = string.Concat(Enumerable.Range(0, 30).Select(_ => kinds[(int)(Next() % (uint)kinds.Length)]));
            var whole = ForeignText.Line(text);
            Assert.DoesNotContain(whole.EnumerateRunes(), letter => IsHarmful(letter.Value));
            for (var most = 1; most < 40; most++)
            {
                var line = ForeignText.Line(text, most);
                Assert.True(line.Length <= most);
                Assert.True(line == whole ? whole.Length <= most : line[^1] == '…'
                    && whole.StartsWith(line[..^1], StringComparison.Ordinal), line);
                Assert.DoesNotContain(line.EnumerateRunes(), letter => IsHarmful(letter.Value));
            }
        }

        uint Next()
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            return state;
        }
    }

    [Fact]
    public void ALongTextIsReadOnlyUpToItsCut()
    {
        var text = new string('\u001b', 50_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Equal(100, ForeignText.Line(text, 100).Length);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void TheLastDefenceKeepsLinesAndTabs()
    {
        Assert.Equal("a\tb\nc\uFFFDd\uFFFD\uFFFD", ForeignText.WithoutCommands("a\tb\nc\rd\u202E\u009B"));
        Assert.Equal("a\n\uFFFDb\n", ForeignText.Lines("a\n\u0007b\n"));
        Assert.True(ForeignText.HasCommands("a\nb") && ForeignText.HasCommands("a\tb") && ForeignText.HasCommands("\u200F"));
        Assert.False(ForeignText.HasCommands("A name: é, 日本, 👩‍👧"));
    }

    /// <summary>JSON of every text is printable as it is, and says the same.</summary>
    [Fact]
    public void JsonCanBePrintedAndKeepsItsValue()
    {
        var options = new JsonSerializerOptions { Encoder = PrintableJsonEncoder.Instance };
        var text = string.Concat(Enumerable.Range(0, 0x30000).Where(value => value is < 0xD800 or > 0xDFFF).Select(char.ConvertFromUtf32))
            + "\U000E0041";
        string[] texts = [text, .. Enumerable.Range(0, 0x10000).Where(value => value is < 0xD800 or > 0xDFFF)
            .Select(value => $"ab{(char)value}")];
        foreach (var json in (string[])[JsonSerializer.Serialize(texts, options),
            Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(texts, options))])
        {
            Assert.Equal(texts, JsonSerializer.Deserialize<string[]>(json));
            Assert.DoesNotContain(json.EnumerateRunes(),
                letter => letter.Value is < ' ' or (>= 0x7F and <= 0x9F) or 0x061C or 0x200E or 0x200F
                or (>= 0x2028 and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0xFEFF or (>= 0xE0000 and <= 0xE007F));
        }

        Assert.Equal("\"\\u202E<é>\\u001B\"", JsonSerializer.Serialize("\u202E<é>\u001b", options));
    }

    /// <summary>By Unicode's own classes, not by the lists of the code.</summary>
    private static bool IsHarmful(int value)
    {
        if (value is >= 0xD800 and <= 0xDFFF || (value & 0xFFFE) == 0xFFFE
            || value is (>= 0xFDD0 and <= 0xFDEF) or (>= 0xE0000 and <= 0xE007F))
        {
            return true;
        }

        return CharUnicodeInfo.GetUnicodeCategory(value) switch
        {
            UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
            UnicodeCategory.Format => value is not (
                0x200C or 0x200D or 0x00AD or (
                >= 0x0600 and <= 0x0605) or 0x06DD or 0x070F or 0x0890 or 0x0891 or 0x08E2 or 0x110BD or 0x110CD),
            UnicodeCategory.OtherNotAssigned => value is >= 0xE0000 and <= 0xE0FFF,
            _ => false,
        };
    }
}
