using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using FeedbackAlignment.Numerics;

namespace FeedbackAlignment.Fuzzing.Folders;

/// <summary>Writes a right folder out with damage: in its JSON files, in its other files, and in what entries it has.</summary>
/// <param name="guard">A folder beside it, to which nothing may be written: links point there.</param>
internal sealed class FolderDamage(string guard)
{
    private const int ChecksumBytes = 32, ManyEntries = 2000;

    private static readonly string[] _oddNames = ["a\nfa: all is well", "\u001b]0;pwn\u0007", "\u202egnp.exe", "=1+1", "-rf", new('n', 200),
        " ", "feedback-alignment-99999999999999999999"];

    private readonly TreeDamage _trees = new(guard);

    /// <summary>Writes the folder out.</summary>
    /// <param name="pristine">The right folder.</param>
    /// <param name="path">Where; nothing is there.</param>
    /// <param name="random">Decides on the damage.</param>
    /// <returns>What was damaged.</returns>
    public string Write(Pristine pristine, string path, RandomStream random)
    {
        var (changed, told) = (new Dictionary<string, byte[]>(), new List<string>());
        var entries = random.NextDouble() < 0.3;
        for (var files = entries && random.NextDouble() < 0.7 ? 0 : random.NextDouble() < 0.8 ? 1 : 2; files > 0; files--)
        {
            string[] names = [.. pristine.Files.Keys];
            string[] records = [.. names.Where(IsJson)];
            var name = Chance.Of(records.Length > 0 && random.NextDouble() < 0.7 ? records : names, random);
            changed[name] = File(pristine, name, records, random);
            told.Add(name);
        }

        pristine.WriteTo(path, changed);
        if (entries)
        {
            told.Add(Entry(pristine, path, random));
        }

        return string.Join("; ", told);
    }

    /// <summary>Removes it, whatever has become of it.</summary>
    public static void Remove(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static bool IsJson(string name) => name.EndsWith(".json", StringComparison.Ordinal);

    private byte[] File(Pristine pristine, string name, string[] records, RandomStream random)
    {
        var content = pristine.Files[name];
        var other = pristine.Files[Chance.Of([.. pristine.Files.Keys], random)];
        if (IsJson(name) && random.NextDouble() < 0.85)
        {
            return random.NextDouble() < 0.03 ? other : _trees.Of(content, pristine.Files[Chance.Of(records, random)], random);
        }

        if (name.EndsWith(".jsonl", StringComparison.Ordinal) && random.NextDouble() < 0.7)
        {
            string[] lines = Encoding.UTF8.GetString(content).TrimEnd('\n').Split('\n');
            var at = Chance.Below(random, lines.Length);
            lines[at] = Encoding.UTF8.GetString(
                _trees.Of(Encoding.UTF8.GetBytes(lines[at]), Encoding.UTF8.GetBytes(Chance.Of(lines, random)), random));
            return Encoding.UTF8.GetBytes(string.Join('\n', lines));
        }

        if (name.EndsWith(".npz", StringComparison.Ordinal) && random.NextDouble() < 0.5)
        {
            return Packed(content, random);
        }

        var damaged = Mutation.Of(content, other, random);
        return name.EndsWith(".state", StringComparison.Ordinal) && damaged.Length > ChecksumBytes && random.NextDouble() < 0.6
            ? [.. damaged[..^ChecksumBytes], .. SHA256.HashData(damaged.AsSpan(0, damaged.Length - ChecksumBytes))] : damaged;
    }

    /// <summary>An archive that is right, with an entry that is not.</summary>
    private static byte[] Packed(byte[] content, RandomStream random)
    {
        using var target = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(content)))
        using (var to = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
        {
            var damaged = Chance.Below(random, from.Entries.Count);
            foreach (var (index, entry) in from.Entries.Index())
            {
                using var bytes = new MemoryStream();
                using (var stream = entry.Open())
                {
                    stream.CopyTo(bytes);
                }

                var name = index == damaged && random.NextDouble() < 0.2 ? Chance.Of(["../x.npy", "x", from.Entries[0].FullName], random)
                    : entry.FullName;
                using var written = to.CreateEntry(name).Open();
                written.Write(index == damaged ? Mutation.Of(bytes.ToArray(), bytes.ToArray(), random) : bytes.ToArray());
            }
        }

        return target.ToArray();
    }

    /// <summary>Damages what entries the folder has.</summary>
    private string Entry(Pristine pristine, string path, RandomStream random)
    {
        var name = Chance.Of([.. pristine.Files.Keys], random);
        var file = Path.Combine(path, name);
        var folder = Path.GetDirectoryName(file)!;
        var aside = Chance.Of(["", "", "", ".new", ".lock", "lock.json", "model.onnx", "model.safetensors", "report.html",
            "report.html.new", "results.json"], random);
        var target = aside is "" ? file : aside[0] == '.' && aside != ".lock" ? file + aside : Path.Combine(folder, aside);
        switch (Chance.Below(random, 17))
        {
            case 0:
                System.IO.File.Delete(file);
                return $"{name} is missing";
            case 1:
                System.IO.File.WriteAllBytes(file, []);
                return $"{name} is empty";
            case 2:
                Clear(target);
                Directory.CreateDirectory(target);
                return $"{target} is a folder";
            case 3:
                if (folder == path)
                {
                    System.IO.File.Delete(file);
                    return $"{name} is missing";
                }

                Directory.Delete(folder, recursive: true);
                System.IO.File.WriteAllText(folder, "a file");
                return $"{folder} is a file";
            case 4:
                return Link(target, Path.Combine(guard, "secret.txt"));
            case 5:
                var outside = Path.Combine(guard, Path.GetFileName(file));
                return System.IO.File.Exists(outside) ? Link(target, outside) : Link(target, Path.Combine(guard, "nowhere"));
            case 6:
                return Link(target, target);
            case 7:
                return Link(target, guard);
            case 8:
                return Link(target, Chance.Of(["/dev/zero", "/dev/full", "/dev/tty", "/proc/self/mem"], random));
            case 9:
                Clear(target);
                Unix.HardLink(Path.Combine(guard, "secret.txt"), target);
                return $"{target} is a hard link to a file outside";
            case 10:
                Clear(target);
                Unix.Fifo(target);
                return $"{target} is a FIFO";
            case 11 when !OperatingSystem.IsWindows():
                System.IO.File.SetUnixFileMode(file, UnixFileMode.None);
                return $"{name} cannot be read";
            case 12 when folder != path:
                Directory.Move(folder, Path.Combine(Path.GetDirectoryName(folder)!, Chance.Of(_oddNames, random)));
                return $"{folder} has an odd name";
            case 13 when folder != path:
                Directory.Delete(folder, recursive: true);
                return Link(folder, guard);
            case 14 when random.NextDouble() < 0.2:
                for (var entry = 0; entry < ManyEntries; entry++)
                {
                    Directory.CreateDirectory(Path.Combine(folder, $"entry-{entry}"));
                }

                return $"{folder} has thousands of entries";
            case 15:
                var odd = Path.Combine(folder, Chance.Of(_oddNames, random));
                Directory.CreateDirectory(odd);
                System.IO.File.Copy(file, Path.Combine(odd, Path.GetFileName(file)));
                return $"a folder with an odd name beside {name}";
            default:
                var other = Chance.Of([.. pristine.Files.Keys], random);
                System.IO.File.WriteAllBytes(file, pristine.Files[other]);
                return $"{name} is a copy of {other}";
        }
    }

    private static string Link(string path, string to)
    {
        Clear(path);
        System.IO.File.CreateSymbolicLink(path, to);
        return $"{path} is a link to {to}";
    }

    private static void Clear(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        System.IO.File.Delete(path);
    }
}
