using System.Text.RegularExpressions;

namespace FeedbackAlignment.Experiments.Tests.Architecture;

/// <summary>Every test and every type that <c>docs/security.md</c> names is there, and every promise names one.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void EveryPromiseNamesATestThatIsThere()
    {
        var root = FileUseTests.Root();
        var page = File.ReadAllLines(Path.Combine(root, "docs", "security.md"));
        var known = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();
        string[] promises = [.. page.Where(line => line.StartsWith("| ", StringComparison.Ordinal)
            && !line.StartsWith("| Promise", StringComparison.Ordinal) && !line.StartsWith("| Input", StringComparison.Ordinal))];
        Assert.True(promises.Length > 30);
        Assert.All(promises, promise =>
        {
            string[] tests = [.. Name().Matches(promise).Select(match => match.Value)];
            Assert.True(tests.Length > 0 || promise.Contains("Fuzzing", StringComparison.Ordinal), $"no test: {promise}");
            Assert.All(tests, test => Assert.True(known.Contains(test), $"there is no {test}"));
        });
    }

    [Fact]
    public void EveryReaderThatItNamesIsThere()
    {
        var root = FileUseTests.Root();
        var known = Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(Path.GetFileNameWithoutExtension).ToHashSet();
        var page = File.ReadAllText(Path.Combine(root, "docs", "security.md"));
        string[] types = [.. Type().Matches(page[page.IndexOf("| Input", StringComparison.Ordinal)..])
            .Select(match => match.Groups[1].Value).Distinct().Where(name => !name.EndsWith("Tests", StringComparison.Ordinal))];
        Assert.True(types.Length > 15);
        Assert.DoesNotContain(types, type => !known.Contains(type));
    }

    [GeneratedRegex(@"[A-Z]\w+Tests")]
    private static partial Regex Name();

    [GeneratedRegex(@"`([A-Z][a-z]\w+)(\.\w+)?`")]
    private static partial Regex Type();
}
