using System.Text.RegularExpressions;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Tests.Architecture;

/// <summary>
/// Numerics ← Networks ← {Losses, Rules, Optimizers} ← Training ← Probes; data need only numerics, and nothing needs exchange.
/// Texts and catalogs need nothing.
/// </summary>
public sealed partial class ArrowsTests
{
    private static readonly Dictionary<string, string[]> _allowed = new()
    {
        ["Texts"] = [],
        ["Catalogs"] = [],
        ["Numerics"] = [],
        ["Networks"] = ["Texts", "Catalogs", "Numerics"],
        ["Losses"] = ["Catalogs", "Numerics", "Networks"],
        ["Rules"] = ["Catalogs", "Numerics", "Networks", "Losses"],
        ["Optimizers"] = ["Catalogs", "Numerics", "Networks"],
        ["Data"] = ["Texts", "Numerics"],
        ["Exchange"] = ["Texts", "Catalogs", "Numerics", "Networks", "Losses", "Optimizers", "Data"],
        ["Training"] = ["Texts", "Numerics", "Networks", "Losses", "Rules", "Optimizers", "Data"],
        ["Probes"] = ["Numerics", "Networks", "Losses", "Rules", "Optimizers", "Data", "Training"],
    };

    /// <summary>
    /// The one file that points upward: what a trained network is used for stands on the network itself, where every .NET language finds
    /// it.
    /// </summary>
    private const string Front = "Networks/NetworkUse.cs";

    private static readonly string _library = Path.Combine(Repository.Root, "src", "FeedbackAlignment");

    [Fact]
    public void EveryFolderOfTheLibraryHasItsPlaceInTheOrder()
    {
        var folders = Sources().Select(source => source.Folder).Distinct().Order();
        Assert.Equal(_allowed.Keys.Order(), folders);
    }

    [Fact]
    public void NamespacesAreFolders()
        => Assert.All(Sources(), source => Assert.Contains($"namespace FeedbackAlignment.{source.Folder}", source.Text, StringComparison.Ordinal));

    [Fact]
    public void NoArrowPointsTheWrongWay()
    {
        var arrows = Sources().SelectMany(source => References().Matches(source.Text).Select(match => (source.File, source.Folder, To: match.Groups[1].Value))).ToArray();
        Assert.Contains(arrows, arrow => arrow is { Folder: "Probes", To: "Rules" });
        Assert.Empty(arrows.Where(arrow => arrow.File != Front && arrow.To != arrow.Folder && !_allowed[arrow.Folder].Contains(arrow.To)).Distinct());
    }

    [Fact]
    public void TheLibraryReferencesNoOtherProject()
        => Assert.DoesNotContain("ProjectReference", File.ReadAllText(Path.Combine(_library, "FeedbackAlignment.csproj")), StringComparison.Ordinal);

    private static IEnumerable<(string Folder, string File, string Text)> Sources()
        => from path in Directory.EnumerateFiles(_library, "*.cs", SearchOption.AllDirectories)
           let file = Path.GetRelativePath(_library, path).Replace('\\', '/')
           let folder = file.Split('/')[0]
           where folder is not ("bin" or "obj")
           select (folder, file, Comments().Replace(File.ReadAllText(path), ""));

    /// <summary>A using, or a name that begins with a namespace of ours, such as <c>Losses.Loss</c>.</summary>
    [GeneratedRegex(@"(?<![\w.])(?:FeedbackAlignment\.)?(Texts|Numerics|Networks|Losses|Rules|Optimizers|Data|Exchange|Training|Probes)(?:;|\.[A-Z])")]
    private static partial Regex References();

    [GeneratedRegex("//.*")]
    private static partial Regex Comments();
}
