using System.Text;
using FeedbackAlignment.Data;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Testing;

namespace FeedbackAlignment.Experiments.Tests.Data;

public sealed class BadDataTests
{
    [Fact]
    public void EachIsRefusedWithOneLineAsApproved()
    {
        var text = new StringBuilder("What is said about data that cannot be right, or can be read in two ways. The files are shortened to eight lines.\n");
        foreach (var bad in BadData.All)
        {
            using var folder = new TemporaryFolder();
            text.Append($"\n# {bad.Title}\n");
            foreach (var (name, content) in bad.Files)
            {
                folder.Write(name, Encoding.UTF8.GetBytes(content));
                var lines = content.Replace("\0", "\\0", StringComparison.Ordinal).TrimEnd('\n').Split('\n');
                text.Append($"{name}:\n{string.Concat(lines.Take(8).Select(line => $"  {line}\n"))}");
            }

            var refusal = Record.Exception(() => new DataSources("/nowhere").Load((bad.Spec ?? new DataSpec()) with { Source = folder.Path }));
            Assert.True(refusal is DataFormatException or DataSourceException, $"{bad.Title}: {refusal?.ToString() ?? "was read"}");
            text.Append($"    {refusal!.Message.Replace(folder.Path, "FOLDER", StringComparison.Ordinal)}\n");
        }

        Approved.Matches("tests/FeedbackAlignment.Experiments.Tests/Approved/BadData.txt", text.ToString());
    }
}
