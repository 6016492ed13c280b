using System.Text.RegularExpressions;
using FeedbackAlignment.Rules;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Tests.Architecture;

/// <summary>The code in README, CONTRIBUTING and docs is that of samples and tests, which CI builds and runs.</summary>
public sealed partial class ReadmeTests
{
    [Theory]
    [InlineData("README.md", 4)]
    [InlineData("CONTRIBUTING.md", 1)]
    [InlineData("docs/own-losses-and-optimizers.md", 2)]
    public void TheCodeThatIsShownIsThatOfTheSamples(string page, int samples)
    {
        var shown = 0;
        var text = SampleBlock().Replace(File.ReadAllText(Path.Combine(Repository.Root, page)), block =>
        {
            shown++;
            var file = block.Groups["file"].Value;
            return $"<!-- sample: {file} -->\n```csharp\n{Code(file)}```\n<!-- /sample -->";
        });
        Assert.Equal(samples, shown);
        Approved.Matches(page, text);
    }

    /// <summary>The README names the rules whose output layer's gradient is another than backpropagation's.</summary>
    [Fact]
    public void TheReadmeNamesTheRulesWhoseOutputGradientIsNotExact()
    {
        var others = string.Join(" and ",
            RuleCatalog.Standard.Entries.Where(rule => !rule.OutputGradientIsExact).Select(rule => rule.Name));
        Assert.Contains($"The output layer's gradient is backpropagation's, bit for bit, under every rule but {others}.",
            File.ReadAllText(Path.Combine(Repository.Root, "README.md")), StringComparison.Ordinal);
    }

    /// <summary>How many rows come out, and how many of these rest on readings, is what the page of the recorded run says.</summary>
    [Fact]
    public void TheReadmeCountsTheRowsOfTheReproductionAsItsPageDoes()
    {
        string[] rows = [.. File.ReadAllLines(Path.Combine(Repository.Root, "docs", "reproduction.md")).Where(line => ClaimRow().IsMatch(line))];
        int Count(string verdict) => rows.Count(row => row.EndsWith($" **{verdict}** |", StringComparison.Ordinal));
        var (whole, reading) = (Count("reproduced"), Count("reproduced with the stated reading"));

        Assert.Equal((28, 1, 1, 1), (rows.Length, Count("partly reproduced"), Count("not reproduced"), Count("not a claim of the paper")));
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));
        Assert.Contains($"{whole + reading} of the 28 rows in the table of claims are reproduced. One is partly reproduced", readme,
            StringComparison.Ordinal);
        Assert.Contains($"Only {whole} of the {whole + reading}, the theory, need no choice of ours. The other {reading} rest on", readme, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\| [1-9][0-9]? \| .*\]\(#")]
    private static partial Regex ClaimRow();

    /// <summary>A sample from its summary or first statement on: what a reader needs.</summary>
    private static string Code(string file)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, file));
        var summary = text.IndexOf("/// <summary>", StringComparison.Ordinal);
        return summary < 0 ? text : text[summary..];
    }

    [GeneratedRegex("<!-- sample: (?<file>[^ ]+) -->.*?<!-- /sample -->", RegexOptions.Singleline)]
    private static partial Regex SampleBlock();
}
