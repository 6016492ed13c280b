using System.Text.RegularExpressions;

namespace FeedbackAlignment.Experiments.Tests.Architecture;

/// <summary>There is one way to open a file and one way to write one: <c>Experiments/Files</c>. Whatever goes past it, goes past its care.</summary>
public sealed partial class FileUseTests
{
    /// <summary>Reads the documentation that the compiler has written beside the program itself.</summary>
    private const string Own = "XmlSummaries.cs";

    [Fact]
    public void FilesAreOpenedWrittenMovedAndDeletedInOnePlaceOnly()
    {
        var sources = Sources();
        Assert.Contains(sources, file => Reaches().IsMatch(File.ReadAllText(file)) && IsThatPlace(file));
        Assert.Empty(sources.Where(file => !IsThatPlace(file) && Path.GetFileName(file) != Own)
            .SelectMany(file => File.ReadLines(file).Index().Where(line => Reaches().IsMatch(line.Item))
                .Select(line => $"{file}:{line.Index + 1}: {line.Item.Trim()}")));
    }

    [Theory]
    [InlineData("using var file = File.OpenRead(path);")]
    [InlineData("System.IO.File.WriteAllText(path, text);")]
    [InlineData("new FileStream(path, FileMode.Open)")]
    [InlineData("ZipFile.OpenRead(path)")]
    [InlineData("Directory.Delete(path, recursive: true)")]
    [InlineData("new StreamReader(path)")]
    [InlineData("new FileInfo(path).Length")]
    public void TheTestSees(string line) => Assert.Matches(Reaches(), line);

    private static bool IsThatPlace(string file)
        => Path.GetFileName(Path.GetDirectoryName(file)) == "Files"
        && file.Contains("FeedbackAlignment.Experiments", StringComparison.Ordinal);

    /// <summary>The repository's own folder.</summary>
    internal static string Root()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "FeedbackAlignment.slnx")))
        {
            root = root.Parent!;
        }

        return root.FullName;
    }

    private static IReadOnlyList<string> Sources()
    {
        var generated = $"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}";
        return
        [
            .. Directory.EnumerateFiles(Path.Combine(Root(), "src"), "*.cs", SearchOption.AllDirectories)
                .Where(file => !file.Contains(generated, StringComparison.Ordinal)),
        ];
    }

    [GeneratedRegex(
        @"\bFile\.(Open|Create|Read|Write|Append|Move|Copy|Delete|Replace|Set)|new FileStream\(|new FileInfo\((?!.*LinkTarget)|new Stream(Reader|Writer)\((path|file|name)\b"
        + @"|\bZipFile\.|\bDirectory\.(Delete|Move|CreateDirectory|CreateSymbolicLink)|FileSystem\.|MemoryMappedFile")]
    private static partial Regex Reaches();
}
