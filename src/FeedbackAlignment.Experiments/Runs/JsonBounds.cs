using System.Text.Json;
using FeedbackAlignment.Data;
using FeedbackAlignment.Data.Files;

namespace FeedbackAlignment.Experiments.Runs;

/// <summary>
/// How long a record may be, how many values it may have and how long a text in it may be. A walk over the bytes finds it out before
/// anything is made of them: 3 bytes of JSON (<c>{},</c>) can become an object of a hundred.
/// </summary>
internal static class JsonBounds
{
    /// <summary>
    /// The most bytes of a <c>spec.json</c>, <c>environment.json</c> or <c>resume.json</c>, of a <c>data.json</c>, and of any other file.
    /// </summary>
    public const long MostBytesOfSmall = 1 << 20, MostBytesOfData = 1 << 26, MostBytes = 1 << 30;

    /// <summary>The most names, values, openings and ends.</summary>
    public const long MostTokens = 50_000_000;

    /// <summary>The longest text or number, in bytes.</summary>
    public const int LongestText = 1 << 20;

    /// <summary>What a token may take in memory.</summary>
    private const double BytesPerToken = 100;

    /// <summary>A file up to this length cannot become large: it is not walked over.</summary>
    private const int Small = 1 << 18;

    /// <summary>Makes sure that a file can be read.</summary>
    /// <param name="stream">The file from its beginning, where it is left.</param>
    /// <param name="file">Its path.</param>
    /// <exception cref="DataFormatException">
    /// It is too long, has too many values or too long a text, or would take more memory than may be used.
    /// </exception>
    public static void Require(Stream stream, string file)
    {
        var most = Path.GetFileName(file) switch
        {
            ExperimentFolder.SpecName or ExperimentFolder.EnvironmentName or ExperimentFolder.ResumeName => MostBytesOfSmall,
            ExperimentFolder.DataName => MostBytesOfData,
            _ => MostBytes,
        };
        if (stream.Length > most)
        {
            throw new DataFormatException(file, null, $"has {stream.Length} bytes, must have at most {most}");
        }

        if (stream.Length <= Small)
        {
            return;
        }

        MemoryBudget.Require(CountTokens(stream, file) * BytesPerToken, file, "its values would take");
        stream.Position = 0;
    }

    /// <summary>Counts up to the end, or up to what is no JSON: whoever reads it gets no further.</summary>
    private static long CountTokens(Stream stream, string file)
    {
        var options = new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 1000 };
        var state = new JsonReaderState(options);
        var buffer = new byte[1 << 16];
        var (tokens, passed, kept) = (0L, 0L, 0);
        while (true)
        {
            var count = stream.ReadAtLeast(buffer.AsSpan(kept), buffer.Length - kept, throwOnEndOfStream: false);
            ReadOnlySpan<byte> there = buffer.AsSpan(0, kept + count);
            var isEnd = there.Length < buffer.Length;
            var mark = passed == 0 && there.StartsWith("\uFEFF"u8) ? 3 : 0;
            var reader = new Utf8JsonReader(there[mark..], isEnd, state);
            try
            {
                while (reader.Read())
                {
                    tokens++;
                }
            }
            catch (JsonException)
            {
                return tokens;
            }

            if (tokens > MostTokens)
            {
                throw new DataFormatException(file, passed, $"has more than {MostTokens} values");
            }

            if (isEnd)
            {
                return tokens;
            }

            state = reader.CurrentState;
            var used = mark + (int)reader.BytesConsumed;
            (passed, kept) = (passed + used, there.Length - used);
            buffer = Rest(buffer, used, file, passed);
        }
    }

    /// <summary>What is left, at the beginning; in a longer buffer where it is the beginning of a long text.</summary>
    private static byte[] Rest(byte[] buffer, int used, string file, long place)
    {
        if (used > 0)
        {
            buffer.AsSpan(used).CopyTo(buffer);
            return buffer;
        }

        if (buffer.Length > LongestText)
        {
            throw new DataFormatException(file, place, $"has a text here of more than {LongestText} bytes");
        }

        Array.Resize(ref buffer, 2 * buffer.Length);
        return buffer;
    }
}
