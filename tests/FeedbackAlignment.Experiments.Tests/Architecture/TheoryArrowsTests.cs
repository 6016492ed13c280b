using System.Text.RegularExpressions;
using FeedbackAlignment.Numerics;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Architecture;

/// <summary>The theory is checked against nothing of ours, and so must use nothing of ours: only the random streams.</summary>
public sealed partial class TheoryArrowsTests
{
    private static readonly string[] _sources =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "FeedbackAlignment.Experiments", "Theory"), "*.cs")
            .Select(path => Comments().Replace(File.ReadAllText(path), "")),
    ];

    [Fact]
    public void OfOursTheTheoryUsesOnlyNumerics()
    {
        var names = _sources.SelectMany(source => Ours().Matches(source)).Select(match => match.Value).Distinct().Order();
        Assert.Equal(["FeedbackAlignment.Experiments.Theory", "FeedbackAlignment.Numerics"], names);
    }

    [Fact]
    public void OfNumericsItUsesOnlyTheRandomStreams()
    {
        var types = typeof(RandomStreams).Assembly.GetExportedTypes().Where(type => type.Namespace == "FeedbackAlignment.Numerics").Select(type => type.Name);

        // Matrix<double> is not our Matrix.
        var used = types.Where(type => _sources.Any(source => Regex.IsMatch(source, $@"(?<![\w.]){type}\b(?!<)"))).Order();
        Assert.Equal([nameof(RandomStream), nameof(RandomStreams)], used);
    }

    [Fact]
    public void ItHasNoConsoleFilesOrClock() => Assert.All(_sources, source => Assert.DoesNotMatch(Outside(), source));

    [GeneratedRegex(@"(?<![\w.])FeedbackAlignment(?:\.\w+)+")]
    private static partial Regex Ours();

    [GeneratedRegex(@"\b(Console|File|Directory|Path|Stopwatch|TimeProvider|DateTime|Environment|Random)\b")]
    private static partial Regex Outside();

    [GeneratedRegex("//.*")]
    private static partial Regex Comments();
}
