using System.Globalization;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Data.Files;

/// <summary>
/// How much memory this process may still take. The limit is the runtime's own (<c>GCHeapHardLimit</c>, or the memory of the machine or
/// container); whoever is about to allocate by a file's word asks here first.
/// </summary>
internal static class MemoryBudget
{
    /// <summary>Below this nobody needs to ask.</summary>
    private const double Free = 1 << 24;

    /// <summary>The bytes that objects may take altogether.</summary>
    public static long Most => GC.GetGCMemoryInfo(GCKind.Any).TotalAvailableMemoryBytes;

    /// <summary>Makes sure that there is room, before anything is allocated.</summary>
    /// <param name="bytes">How much will be needed at once, beside what is there already.</param>
    /// <param name="source">The file, for the message.</param>
    /// <param name="what">What needs it, with its verb: <c>its 10 numbers would take</c>.</param>
    /// <exception cref="DataFormatException">There is less room than that.</exception>
    public static void Require(double bytes, string source, string what)
    {
        if (!Fits(bytes))
        {
            throw new DataFormatException(source, null, Refusal(bytes, what));
        }
    }

    /// <summary>A matrix of zeros, if there is room.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="source">The file that it is read from, for the message.</param>
    /// <exception cref="DataFormatException">There is no room, or no array can hold it.</exception>
    public static Matrix NewMatrix(int rows, long columns, string source)
    {
        RequireMatrix(rows, columns, source);
        return new Matrix(rows, (int)columns);
    }

    /// <summary>Makes sure that there is room for a matrix that somebody else makes.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="source">The file that it is read from, for the message.</param>
    /// <exception cref="DataFormatException">There is no room, or no array can hold it.</exception>
    public static void RequireMatrix(int rows, long columns, string source)
    {
        var bytes = Matrix.BytesOf(rows, columns);
        Require(bytes, source, $"{rows} rows of {columns} numbers would take");
        if (bytes / sizeof(float) + Matrix.Granule > Array.MaxLength)
        {
            throw new DataFormatException(
                source, null, $"{rows} rows of {columns} numbers are more than can be held in memory at once ({Array.MaxLength} numbers)");
        }
    }

    /// <summary>Whether there is room.</summary>
    /// <param name="bytes">How much will be needed at once, beside what is there already.</param>
    public static bool Fits(double bytes)
    {
        if (bytes <= Free)
        {
            return true;
        }

        // What nobody uses any more counts only until it is collected.
        var most = Most;
        return bytes <= most - GC.GetTotalMemory(forceFullCollection: false)
            || (bytes <= most && bytes <= most - GC.GetTotalMemory(forceFullCollection: true));
    }

    /// <summary>The message, without the file.</summary>
    /// <param name="bytes">How much would be needed.</param>
    /// <param name="what">What would need it, with its verb.</param>
    public static string Refusal(double bytes, string what)
    {
        var most = Most;
        var room = bytes > most ? $"the {Text(most)} that may be used" : $"what is left of the {Text(most)} that may be used";
        return $"{what} some {Text(bytes)} in memory, more than {room}; --max-memory sets another limit";
    }

    /// <summary>A number of bytes as people say it: <c>6.3 GB</c>.</summary>
    public static string Text(double bytes)
    {
        var (unit, name) = bytes >= 1e9 ? (1e9, "GB") : bytes >= 1e6 ? (1e6, "MB") : (1e3, "kB");
        return string.Create(CultureInfo.InvariantCulture, $"{bytes / unit:0.#} {name}");
    }
}
