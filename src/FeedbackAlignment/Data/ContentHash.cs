using FeedbackAlignment.Data.Files;

namespace FeedbackAlignment.Data;

/// <summary>Fingerprints of files, so that two people can be sure that they have the same data.</summary>
internal static class ContentHash
{
    /// <summary>SHA-256 of a file's content, unpacked first if it is gzip.</summary>
    /// <param name="stream">The file; it is read to its end and stays open.</param>
    /// <param name="source">What to call the file in messages.</param>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    /// <exception cref="DataFormatException">The gzip data are damaged or cut off.</exception>
    public static string Sha256(Stream stream, string source)
    {
        using var content = new Content(stream, source);
        return content.HashToEnd();
    }
}
