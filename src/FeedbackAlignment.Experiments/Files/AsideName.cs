using System.Buffers;
using System.Security.Cryptography;

namespace FeedbackAlignment.Experiments.Files;

/// <summary>
/// Names of files that are being written: the file's own, 24 letters that nobody can guess, and an ending. Nobody can put a link or a
/// file in the way of such a name, and what a killed process has left is known by it.
/// </summary>
internal static class AsideName
{
    private const string Ending = ".new";
    private const int Bytes = 12, LongestOwn = 60;

    /// <summary>What a name has more than the file's own: two points, the letters, the ending.</summary>
    private const int Added = 2 + (2 * Bytes) + 4;

    private static readonly SearchValues<char> _hex = SearchValues.Create("0123456789abcdef");

    /// <summary>A name for a file that is to become another.</summary>
    /// <param name="name">The other's name.</param>
    public static string New(string name)
        => $".{Own(name)}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes))}{Ending}";

    /// <summary>Whether an aside name is that of a certain file.</summary>
    /// <param name="aside">The aside name.</param>
    /// <param name="name">The file's own name.</param>
    public static bool IsOf(string aside, string name) => aside.AsSpan(1, aside.Length - Added).SequenceEqual(Own(name));

    /// <summary>Whether a name is that of a file that is being written, or was when a process was killed.</summary>
    /// <param name="name">The name.</param>
    public static bool Is(string name)
        => name.Length > (2 * Bytes) + Ending.Length + 2 && name[0] == '.' && name.EndsWith(Ending, StringComparison.Ordinal)
            && name[^((2 * Bytes) + Ending.Length + 1)] == '.'
            && name.AsSpan(name.Length - (2 * Bytes) - Ending.Length, 2 * Bytes).IndexOfAnyExcept(_hex) < 0;

    /// <summary>Systems bound the length of a name.</summary>
    private static ReadOnlySpan<char> Own(string name) => name.AsSpan(0, Math.Min(name.Length, LongestOwn));
}
