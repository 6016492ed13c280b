using System.Text.RegularExpressions;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Tests.Architecture;

/// <summary>There is one way to print text of others: nothing else in the sources cleans, escapes or marks it up.</summary>
public sealed class ForeignTextUseTests
{
    private static readonly string _sources = Path.Combine(Repository.Root, "src");

    [Theory]
    [InlineData(@"char\.IsControl|IsSurrogate|Rune\.IsControl", "")]
    [InlineData(@"UnicodeCategory\.|GetUnicodeCategory", "FeedbackAlignment/Texts/ForeignText.cs")]
    [InlineData(@"UnsafeRelaxedJsonEscaping", "FeedbackAlignment/Texts/PrintableJsonEncoder.cs", "FeedbackAlignment/Exchange/SafetensorsFile.cs", "FeedbackAlignment/Exchange/TrainedModelFile.cs")]
    [InlineData(@"Markup\.Escape|EscapeMarkup", "FeedbackAlignment.Cli/Display/ForeignMarkup.cs")]
    [InlineData(@"Interpolated\(|MarkupLine\(\$|Error\.Write", "FeedbackAlignment.Cli/FaCommand.cs", "FeedbackAlignment.Cli/Terminal.cs",
        "FeedbackAlignment.Live/Program.cs")]
    [InlineData(@"Out\.Writer", "FeedbackAlignment.Cli/Display/PlainLines.cs")]
    [InlineData(@"Console\.(Out|Error|Write)", "FeedbackAlignment.Cli/Terminal.cs", "FeedbackAlignment.Live/Program.cs")]
    public void OnlyOnePlace(string pattern, params string[] places)
        => Assert.Equal(places.Where(place => place.Length > 0).Order(StringComparer.Ordinal), Files(pattern));

    private static IEnumerable<string> Files(string pattern)
        => from path in Directory.EnumerateFiles(_sources, "*.cs", SearchOption.AllDirectories)
           let file = Path.GetRelativePath(_sources, path).Replace('\\', '/')
           where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
           where Regex.IsMatch(Regex.Replace(File.ReadAllText(path), "//.*", ""), pattern)
           orderby file ascending
           select file;
}
