using System.Text;

namespace FeedbackAlignment.Numerics;

/// <summary>
/// All random numbers of a run, from one root seed: independent streams by name. Drawing more from one stream never changes
/// another, so a run that changes only its learning rule keeps its initial weights and the order of its examples.
/// </summary>
/// <param name="seed">The root seed. Any value.</param>
public sealed class RandomStreams(ulong seed)
{
    /// <summary>The stream of the initial weights.</summary>
    public const string Weights = "weights";

    /// <summary>The stream of the feedback weights.</summary>
    public const string Feedback = "feedback";

    /// <summary>The stream of which connections there are.</summary>
    public const string Connections = "connections";

    /// <summary>The stream of which feedback connections there are.</summary>
    public const string FeedbackConnections = "feedback-connections";

    /// <summary>The stream of the order of examples.</summary>
    public const string Order = "order";

    /// <summary>The streams of random changes of training examples.</summary>
    public const string Augmentation = "augmentation";

    /// <summary>The stream of noise in a rule or network.</summary>
    public const string Noise = "noise";

    /// <summary>The stream of data that the project makes itself.</summary>
    public const string Data = "data";

    /// <summary>The root seed.</summary>
    public ulong Seed { get; } = seed;

    /// <summary>A new stream that starts at its beginning; the same name gives the same numbers.</summary>
    /// <param name="name">Any text; by habit one of the constants of this class, with further words after a slash.</param>
    public RandomStream Stream(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new RandomStream(Mix(Seed ^ Mix(Hash(name))));
    }

    /// <summary>Streams of a part of the run (a data split, a phase), independent of these.</summary>
    /// <param name="name">Name of the part.</param>
    public RandomStreams Child(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new RandomStreams(Mix(Mix(Seed) ^ Hash(name)));
    }

    /// <summary>FNV-1a over the UTF-8 bytes.</summary>
    private static ulong Hash(string name)
    {
        var hash = 0xCBF29CE484222325ul;
        foreach (var octet in Encoding.UTF8.GetBytes(name))
        {
            hash = unchecked((hash ^ octet) * 0x100000001B3ul);
        }

        return hash;
    }

    /// <summary>The finalizer of SplitMix64: near seeds give far keys.</summary>
    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value += 0x9E3779B97F4A7C15ul;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9ul;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBul;
            return value ^ (value >> 31);
        }
    }
}
