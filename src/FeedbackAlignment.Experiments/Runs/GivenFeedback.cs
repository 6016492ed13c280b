using System.Security.Cryptography;
using FeedbackAlignment.Data;
using FeedbackAlignment.Exchange;
using FeedbackAlignment.Experiments.Data;
using FeedbackAlignment.Experiments.Files;
using FeedbackAlignment.Experiments.Specs;
using FeedbackAlignment.Networks;
using FeedbackAlignment.Rules;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>Feedback weights from a file: <c>feedback.from</c>.</summary>
/// <param name="File">The file's content.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Sha256">Of the file.</param>
internal sealed record GivenFeedback(SafetensorsFile File, string Path, string Sha256)
{
    private const string Key = "feedback.from";

    /// <summary>The file that a spec names; null if it names none.</summary>
    /// <param name="spec">The feedback of a valid spec.</param>
    /// <exception cref="SpecException">The file is another one.</exception>
    /// <exception cref="DataSourceException">The file cannot be read.</exception>
    /// <exception cref="DataFormatException">The file is damaged.</exception>
    public static GivenFeedback? Of(FeedbackSpec spec)
    {
        if (spec.From is not { } path)
        {
            return null;
        }

        var place = Place.Named(path);
        if (place.IsFolder)
        {
            throw new DataSourceException($"{path}: is a folder; name a safetensors file in it");
        }

        try
        {
            using var stream = place.Read();
            var file = SafetensorsFile.Read(stream, path);
            stream.Position = 0;
            var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
            return spec.Sha256 is { } wanted && wanted != hash
                ? throw new SpecException([new SpecProblem(
                    Key, $"{path} is not the file that was meant: its SHA-256 is {hash}, but feedback.sha256 is {wanted}")])
                : new GivenFeedback(file, path, hash);
        }
        catch (Exception trouble) when (trouble is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new DataSourceException($"{path}: cannot be read ({trouble.Message.TrimEnd('.')}); name a safetensors file", trouble);
        }
    }

    /// <summary>Gives a rule these weights in place of those that it has drawn; a rule without feedback weights stays as it is.</summary>
    /// <param name="rule">The rule.</param>
    /// <exception cref="ArgumentException">The rule forms its feedback weights itself, or some are not in the file.</exception>
    public void CopyTo(LearningRule rule)
    {
        if (rule.Feedback.Count > 0 && Objection(File, rule) is { } objection)
        {
            throw new ArgumentException($"{objection}, which {Key} ({Path}) needs", nameof(rule));
        }

        Copy(File, rule);
    }

    /// <summary>Why a rule cannot take the feedback weights of a file; null: it can.</summary>
    /// <param name="file">The file.</param>
    /// <param name="rule">The rule.</param>
    public static string? Objection(SafetensorsFile file, LearningRule rule)
    {
        if (rule.Feedback.Any(path => path.Source is not (FixedWeights or Parameter)))
        {
            return "the rule forms its feedback weights itself and takes none";
        }

        foreach (var path in rule.Feedback)
        {
            var (name, rows, columns) = (RunFolder.FeedbackName(rule.Network, path), path.Source.Rows, path.Source.Columns);
            if (file.Find(name)?.Values is not { } values || (values.Rows, values.Columns) != (rows, columns)
                || !GivenWeights.IsFinite(values))
            {
                return $"there is no {name} of {rows} × {columns} finite numbers in the file";
            }
        }

        return null;
    }

    /// <summary>Gives a rule the feedback weights of a file, to which there is no objection.</summary>
    /// <param name="file">The file.</param>
    /// <param name="rule">The rule.</param>
    public static void Copy(SafetensorsFile file, LearningRule rule)
    {
        foreach (var path in rule.Feedback)
        {
            var values = file.Find(RunFolder.FeedbackName(rule.Network, path))!.Values;
            if (path.Source is Parameter learned)
            {
                learned.Set(values);
            }
            else
            {
                // Fixed weights are kept in one place, which is what the error goes through.
                path.Source.Read().CopyFrom(values);
            }
        }
    }
}
